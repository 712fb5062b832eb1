import { defineConfig } from '@playwright/test';

import tests from './playwright.config.ts';

/** Takes screenshots: `npm run screens` for all pages, `npm run screenshot` for the one in the README. */
export default defineConfig({
  ...tests,
  testDir: 'screenshots',
  outputDir: 'test-results/screenshots',
  projects: (tests.projects ?? []).filter(({ name }) => name?.startsWith('chromium')),
});
