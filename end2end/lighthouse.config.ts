import { defineConfig } from '@playwright/test';

import screens from './screenshots.config.ts';
import { releasePath } from './support/server-path.ts';

/**
 * Audits pages with Lighthouse: `npm run lighthouse`. One page at a time, because the audit measures time. So the server is that
 * of `make release`.
 */
process.env['LATCHKEY_SERVER'] ||= releasePath;
export default defineConfig({ ...screens, testDir: 'lighthouse', workers: 1, timeout: 180_000 });
