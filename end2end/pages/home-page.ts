import { type Locator } from '@playwright/test'; // part: comparison
import { expect } from '@playwright/test';

import type { User } from '../support/api.ts';
import { modes, type Mode } from '../support/modes.ts';
import { Layout } from './layout.ts';
// one mode: import { LoginPage } from './login-page.ts';
import { ModeRegion } from './mode-region.ts';

export type TokenStore = 'Memory' | 'Session storage' | 'Local storage';

// part: comparison, begin
/** The steps of the guide, in their order. */
export const steps = ['account', 'every-mode', 'rotation', 'reload', 'second-tab', 'log-out'] as const;
export type Step = (typeof steps)[number];
// part: comparison, end

export class HomePage extends Layout {
  // part: comparison, begin
  readonly loginToAll: Locator = this.main.getByRole('button', { name: 'Log in to all' });
  /** The section with the form for all modes, and with the links for browsers without scripts. */
  readonly logins: Locator = this.main.getByRole('region', { name: /^Log in to all / });
  readonly guide: Locator = this.main.getByRole('region', { name: 'What to try first' });
  // part: comparison, end

  open(): Promise<void> {
    return this.goto('/');
  }

  // part: comparison, begin
  step(step: Step): Locator {
    return this.guide.locator(`[data-step="${step}"]`);
  }

  async expectDone(...steps: Step[]): Promise<void> {
    const done = this.guide.locator('[data-done="true"]');
    await expect.poll(() => done.evaluateAll((all) => all.map((each) => each.getAttribute('data-step')))).toEqual(steps);
  }
  // part: comparison, end

  region(mode: Mode): ModeRegion {
    return new ModeRegion(this.page, mode);
  }

  /** Logs in with every mode. */
  async logInToAll(user: User): Promise<void> {
    await this.submitLoginToAll(user); // part: comparison
    // one mode: await this.main.getByRole('link', { name: 'Log in', exact: true }).click();
    // one mode: await new LoginPage(this.page).submit(user);
    for (const mode of modes) await this.region(mode).expectState('signed-in');
  }

  // part: comparison, begin
  async submitLoginToAll({ username, password }: User): Promise<void> {
    await this.main.getByLabel('Username').fill(username);
    await this.main.getByLabel('Password', { exact: true }).fill(password);
    await this.loginToAll.click();
  }
  // part: comparison, end

  /** Chooses where the page stores a token that the browser cannot renew. */
  async keepTokenIn(place: TokenStore): Promise<void> {
    await this.main.getByRole('group', { name: 'Store the token in' }).getByRole('radio', { name: place }).check();
  }

  /** Opens the account by the mode's own link, so that the tab keeps a token in memory. */
  async openAccount(mode: Mode): Promise<void> {
    await this.region(mode).link('Account').click();
    await expect(this.page).toHaveURL(`/account/${mode.id}`);
  }

  /** Opens the protected page by the mode's own link, so that the tab keeps a token in memory. */
  async openMe(mode: Mode): Promise<void> {
    await this.region(mode).link('Open /me').click();
    await expect(this.page).toHaveURL(`/me/${mode.id}`);
  }
}
