import type { Locator } from '@playwright/test';

import type { User } from '../support/api.ts';
import { Layout } from './layout.ts';

export class RegisterPage extends Layout {
  readonly form: Locator = this.page.getByRole('form', { name: 'Create an account' });
  readonly username: Locator = this.form.getByLabel('Username');
  readonly password: Locator = this.form.getByLabel('Password', { exact: true });

  open(): Promise<void> {
    return this.goto('/register');
  }

  async submit({ username, password }: User): Promise<void> {
    await this.username.fill(username);
    await this.password.fill(password);
    await this.form.getByRole('button', { name: 'Create account' }).click();
  }
}
