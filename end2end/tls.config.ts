import { defineConfig } from '@playwright/test';

import tests from './playwright.config.ts';

/** The browser tests through HTTPS, for WebKit: `make e2e-tls`. */
export default defineConfig({
  ...tests,
  globalSetup: './support/tls-server.ts',
  outputDir: 'test-results/tls',
  use: { ...tests.use, ignoreHTTPSErrors: true },
});
