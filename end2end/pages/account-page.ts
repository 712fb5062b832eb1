import { expect, type Locator } from '@playwright/test';

import type { Mode } from '../support/modes.ts';
import { Layout } from './layout.ts';

export class AccountPage extends Layout {
  readonly signIns: Locator = this.main.getByRole('table', { name: 'Where you are signed in' });
  readonly rows: Locator = this.signIns.locator('[data-credential]');
  /** The row of the page's own sign-in. */
  readonly own: Locator = this.signIns.locator('[data-current="true"]');
  /** The text about sign-ins that are not listed. */
  readonly unlisted: Locator = this.main.getByTestId('unlisted');
  readonly older: Locator = this.main.getByRole('link', { name: 'Older', exact: true });
  readonly newest: Locator = this.main.getByRole('link', { name: 'Newest', exact: true });

  readonly endForm: Locator = this.page.getByRole('form', { name: 'End sign-ins' });
  /** The password for ending other sign-ins: all of them, or one of the list. */
  readonly password: Locator = this.endForm.getByLabel('Your password', { exact: true });
  readonly endOthersButton: Locator = this.endForm.getByRole('button', { name: 'End all others', exact: true });

  readonly activity: Locator = this.main.getByRole('link', { name: 'Activity', exact: true });
  readonly allAccounts: Locator = this.main.getByRole('link', { name: 'All accounts', exact: true });

  /** Every form with a password field. */
  readonly passwordForms: Locator = this.main.locator('form', { has: this.page.locator('[type="password"]') });
  readonly passwordForm: Locator = this.page.getByRole('form', { name: 'Change password' });
  readonly currentPassword: Locator = this.passwordForm.getByLabel('Current password', { exact: true });
  readonly newPassword: Locator = this.passwordForm.getByLabel('New password', { exact: true });

  static path(mode: Mode): string {
    return `/account/${mode.id}`;
  }

  open(mode: Mode): Promise<void> {
    return this.goto(AccountPage.path(mode));
  }

  row(credentialId: string): Locator {
    return this.signIns.locator(`[data-credential="${credentialId}"]`);
  }

  async endOthers(password: string): Promise<void> {
    await this.password.fill(password);
    await this.endOthersButton.click();
  }

  async end(credentialId: string, password: string): Promise<void> {
    await this.password.fill(password);
    await this.row(credentialId).getByRole('button', { name: /^End / }).click();
  }

  async changePassword(current: string, next: string): Promise<void> {
    await this.currentPassword.fill(current);
    await this.newPassword.fill(next);
    await this.passwordForm.getByRole('button', { name: 'Change password' }).click();
  }

  async expectRecognisedBy(mode: Mode): Promise<void> {
    await expect(this.heading).toHaveText('Your account');
    await expect(this.main).toContainText(`recognised you by ${mode.name}`);
  }
}
