import { defineConfig } from '@playwright/test';

import tests from './playwright.config.ts';

/** Pictures to look at: `npm run screens` for all of them, `npm run screenshot` for the README's. */
export default defineConfig({
  ...tests,
  testDir: 'screenshots',
  outputDir: 'test-results/screenshots',
  projects: (tests.projects ?? []).filter(({ name }) => name?.startsWith('chromium')),
});
