import type { Page } from '@playwright/test';

/** How many pixels the page is wider than the window. */
export function pixelsTooWide(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
