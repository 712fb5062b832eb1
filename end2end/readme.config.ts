import { defineConfig } from '@playwright/test';

import screens from './screenshots.config.ts';

/**
 * Replaces the pictures of the documents: `LATCHKEY_SERVER=../target/release/server npm run screenshot`. Of a release, because the
 * lab shows times.
 */
export default defineConfig({ ...screens, testDir: 'readme' });
