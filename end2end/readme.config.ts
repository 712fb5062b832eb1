import { defineConfig } from '@playwright/test';

import screens from './screenshots.config.ts';

/** Replaces the picture of the README, `docs/screenshot.png`: `npm run screenshot`. */
export default defineConfig({ ...screens, testDir: 'readme' });
