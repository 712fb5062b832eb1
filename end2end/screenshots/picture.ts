import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { root } from '../support/server-path.ts';

const directory = join(root, 'end2end', 'test-results', 'screens');

/** The whole page, narrow and wide, light and dark. */
export async function picture(page: Page, name: string): Promise<void> {
  const file = name.replace(/^\/$/, 'home').replace(/^\/ /, 'home ').replace(/^\//, '').replaceAll(/[\/ ]+/g, '-');
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(directory, `${file}-${width}-${colorScheme}.png`), fullPage: true });
    }
  }
}
