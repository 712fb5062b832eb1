import { expect, type Locator, type Page } from '@playwright/test';

import type { Mode } from '../support/modes.ts';

export type State = 'unknown' | 'signed-out' | 'signed-in';

/** The part of a page that belongs to one mode. */
export class ModeRegion {
  readonly root: Locator;
  readonly generation: Locator;
  /** What the region keeps after a logout. */
  readonly afterLogout: Locator;
  /** The server's answer to the copy of the ended token. */
  readonly oldCopy: Locator;
  readonly tryOldCopy: Locator;

  constructor(page: Page, mode: Mode) {
    this.root = page.getByRole('region', { name: mode.name, exact: true });
    this.generation = this.root.getByTestId('generation');
    this.afterLogout = this.root.getByTestId('after-logout');
    this.oldCopy = this.root.getByTestId('old-copy');
    this.tryOldCopy = this.button('Try the old copy now');
  }

  button(name: string): Locator {
    return this.root.getByRole('button', { name, exact: true });
  }

  link(name: string): Locator {
    return this.root.getByRole('link', { name, exact: true });
  }

  /** `timeout` is in milliseconds. */
  async expectState(state: State, options: { timeout?: number } = {}): Promise<void> {
    await expect(this.root).toHaveAttribute('data-state', state, options);
  }

  /** The value beside a term of the region's description lists. */
  answer(term: string): Locator {
    return definition(this.root, term);
  }
}

/** The value beside a term, in a description list. */
export function definition(within: Locator, term: string): Locator {
  return within.locator('dt', { hasText: new RegExp(`^${term}$`) }).locator('xpath=following-sibling::dd[1]');
}
