import { expect } from '@playwright/test';

import type { Verdict } from '../support/api.ts';
import type { Mode } from '../support/modes.ts';
import { Layout } from './layout.ts';
import { ModeRegion } from './mode-region.ts';

export class LogoutPage extends Layout {
  open(): Promise<void> {
    return this.goto('/logout');
  }

  region(mode: Mode): ModeRegion {
    return new ModeRegion(this.page, mode);
  }

  async logOut(mode: Mode): Promise<void> {
    await this.region(mode).button(`Log out of ${mode.name}`).click();
  }

  async logOutOnEveryDevice(mode: Mode): Promise<void> {
    await this.region(mode).button(`Log out on every device (${mode.name})`).click();
  }

  // part: comparison, begin
  async logOutEverywhere(): Promise<void> {
    await this.main.getByRole('button', { name: 'Log out everywhere' }).click();
  }
  // part: comparison, end

  /** The page's statement about a copy of the credential: refused or accepted. */
  async fateOfCopies(): Promise<Verdict> {
    await expect(this.status).toContainText(/Every copy of the credential has stopped working|A stolen copy still works until/);
    return (await this.status.innerText()).includes('has stopped working') ? 'refused' : 'accepted';
  }
}
