import { defineConfig } from '@playwright/test';

import screens from './screenshots.config.ts';

/** Replaces the pictures of the documents: `npm run screenshot`. */
export default defineConfig({ ...screens, testDir: 'readme' });
