import { defineConfig } from '@playwright/test';

import tests from './playwright.config.ts';

/** Takes screenshots of all pages, into `test-results`: `npm run screens`. */
export default defineConfig({
  ...tests,
  testDir: 'screenshots',
  outputDir: 'test-results/screenshots',
  projects: (tests.projects ?? []).filter(({ name }) => name?.startsWith('chromium')),
});
