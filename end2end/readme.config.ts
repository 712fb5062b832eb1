import { defineConfig } from '@playwright/test';

import screens from './screenshots.config.ts';
import { releasePath } from './support/server-path.ts';

/** Replaces the pictures of the documents: `npm run screenshot`. They show times, so the server is that of `make release`. */
process.env['LATCHKEY_SERVER'] ||= releasePath;
export default defineConfig({ ...screens, testDir: 'readme' });
