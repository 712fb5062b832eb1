import { expect, type Locator, type Page } from '@playwright/test';

import type { Mode } from '../support/modes.ts'; // part: comparison

export type Link =
  | 'Rotation' // part: comparison
  | 'Home'
  | 'Log in'
  | 'Register'
  | 'Me'
  | 'Account'
  | 'API'
  | 'Log out';

/** The parts that all pages have. */
export abstract class Layout {
  readonly heading: Locator;
  readonly main: Locator;
  readonly alert: Locator;
  readonly status: Locator;
  /** Removes the text of `status`. */
  readonly dismiss: Locator;
  /** The links of the header. */
  readonly navigation: Locator;
  /** Who is signed in, in the header. */
  readonly signedInAs: Locator;
  // part: comparison, begin
  /** The links to the same page of each mode. */
  readonly tabs: Locator;
  // part: comparison, end

  constructor(readonly page: Page) {
    this.heading = page.getByRole('heading', { level: 1 });
    this.main = page.getByRole('main');
    this.alert = this.main.getByRole('alert');
    this.status = this.main.getByRole('status');
    this.dismiss = this.main.getByRole('button', { name: 'Dismiss' });
    this.navigation = page.getByRole('navigation', { name: 'Main' });
    this.signedInAs = page.getByRole('banner').getByRole('link', { name: /^Signed in:/ });
    this.tabs = this.main.getByRole('navigation', { name: 'Mode', exact: true }); // part: comparison
  }

  /** A link of the header. */
  link(name: Link): Locator {
    return this.navigation.getByRole('link', { name, exact: true });
  }

  // part: comparison, begin
  /** The link to the same page of another mode. */
  tab(mode: Mode): Locator {
    return this.tabs.getByRole('link', { name: new RegExp(`^${mode.name}( \\(|$)`) });
  }
  // part: comparison, end

  /** Follows a link of the navigation. Unlike a page load, this keeps the state of the tab. */
  async follow(link: Link): Promise<void> {
    await this.link(link).click();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await hydrated(this.page);
  }

  protected async goto(path: string): Promise<void> {
    await this.page.goto(path);
    await hydrated(this.page);
  }
}

/**
 * Waits for hydration: before that, a form is a plain HTML form. The key starts it on a page that waits for an interaction: see
 * app/src/ssr/scripts.
 */
export async function hydrated(page: Page): Promise<void> {
  // The page may not have loaded yet: press again until its app has started.
  await expect(async () => {
    await page.keyboard.press('Shift');
    await expect(page.locator('html')).toHaveAttribute('data-hydrated', 'true', { timeout: 1_000 });
  }).toPass({ timeout: 10_000 });
}
