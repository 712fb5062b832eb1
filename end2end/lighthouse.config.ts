import { defineConfig } from '@playwright/test';

import screens from './screenshots.config.ts';

/** Audits pages with Lighthouse: `npm run lighthouse`. One page at a time, because the audit measures time. */
export default defineConfig({ ...screens, testDir: 'lighthouse', workers: 1, timeout: 180_000 });
