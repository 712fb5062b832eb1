import { defineConfig } from '@playwright/test';

import { projects } from './support/browsers.ts';
import './support/modes.ts'; // asks the server for its modes once, before any test file needs a title
import { skipped } from './support/own-server.ts';

const ci = Boolean(process.env['CI']);

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results/tests',
  fullyParallel: true,
  // Each worker has its own server and database, so the workers share only the processors. With one worker for each, the
  // processors were idle for about a third of the time.
  workers: '150%',
  forbidOnly: ci,
  grepInvert: [...skipped],
  retries: ci ? 1 : 0,
  reporter: [['list']],
  timeout: 30_000,
  expect: { timeout: 7_000 },
  use: {
    trace: 'on-first-retry',
    actionTimeout: 7_000,
    // axe must check the final colours, not those of a transition.
    contextOptions: { reducedMotion: 'reduce' },
  },
  projects,
});
