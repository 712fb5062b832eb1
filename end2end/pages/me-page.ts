import { expect, type Locator } from '@playwright/test';

import type { Mode } from '../support/modes.ts';
import { Layout } from './layout.ts';
import { definition } from './mode-region.ts';

export class MePage extends Layout {
  readonly generation: Locator = this.main.getByTestId('generation');
  readonly rotate: Locator = this.main.getByRole('button', { name: 'Rotate', exact: true });
  readonly logOut: Locator = this.main.getByRole('button', { name: 'Log out', exact: true });

  static path(mode: Mode): string {
    return `/me/${mode.id}`;
  }

  open(mode: Mode): Promise<void> {
    return this.goto(MePage.path(mode));
  }

  /** The value beside a term of the identity's description list. */
  value(term: string): Locator {
    return definition(this.main, term);
  }

  async expectSignedIn(mode: Mode): Promise<void> {
    await expect(this.heading).toHaveText(`Signed in with ${mode.name}`);
  }

  async expectNotSignedIn(mode: Mode): Promise<void> {
    await expect(this.heading).toHaveText(`Not signed in with ${mode.name}`);
  }
}
