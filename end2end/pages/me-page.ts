import { expect, type Locator } from '@playwright/test';

import type { Mode } from '../support/modes.ts';
import { Layout } from './layout.ts';
import { definition } from './mode-region.ts';

export class MePage extends Layout {
  readonly generation: Locator = this.main.getByTestId('generation');
  readonly rotate: Locator = this.main.getByRole('button', { name: 'Rotate', exact: true });
  readonly logOut: Locator = this.main.getByRole('button', { name: 'Log out', exact: true });

  readonly credential: Locator = this.main.getByRole('region', { name: 'Your credential' });
  readonly showToken: Locator = this.credential.getByRole('button', { name: 'Show the token' });
  readonly hideToken: Locator = this.credential.getByRole('button', { name: 'Hide the token' });
  readonly token: Locator = this.credential.getByTestId('token');
  readonly claims: Locator = this.credential.getByRole('table', { name: 'Claims' }); // mode: jwt
  readonly cookieLength: Locator = this.credential.getByTestId('cookie-length');
  readonly record: Locator = this.main.getByRole('region', { name: "The server's record" });

  static path(mode: Mode): string {
    return `/me/${mode.id}`;
  }

  open(mode: Mode): Promise<void> {
    return this.goto(MePage.path(mode));
  }

  /** The value beside a term of the identity's description list. */
  value(term: string): Locator {
    return definition(this.main.locator('dl').first(), term);
  }

  // mode: jwt, begin
  /** The row of a claim. */
  claim(name: string): Locator {
    return this.claims.locator(`[data-claim="${name}"]`);
  }
  // mode: jwt, end

  /** The value beside a term of the cookie's description list. */
  ofCookie(term: string): Locator {
    return definition(this.credential, term);
  }

  /** The value beside a term of the server's record. */
  recorded(term: string): Locator {
    return definition(this.record, term);
  }

  async expectSignedIn(mode: Mode): Promise<void> {
    await expect(this.heading).toHaveText(`Signed in with ${mode.name}`);
  }

  async expectNotSignedIn(mode: Mode): Promise<void> {
    await expect(this.heading).toHaveText(`Not signed in with ${mode.name}`);
  }
}
