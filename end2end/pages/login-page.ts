import type { Locator } from '@playwright/test';

import type { User } from '../support/api.ts';
import type { Mode } from '../support/modes.ts';
import { Layout } from './layout.ts';

export class LoginPage extends Layout {
  readonly form: Locator = this.page.getByRole('form', { name: 'Log in' });
  readonly modeChoice: Locator = this.form.getByRole('group', { name: 'Mode' }); // part: comparison
  readonly username: Locator = this.form.getByLabel('Username');
  readonly password: Locator = this.form.getByLabel('Password', { exact: true });
  readonly showPassword: Locator = this.form.getByRole('button', { name: 'Show password' });

  static path({ mode, next }: { mode?: Mode; next?: string } = {}): string {
    const query = new URLSearchParams({ ...(mode && { mode: mode.id }), ...(next && { next }) });
    return query.size > 0 ? `/login?${query}` : '/login';
  }

  open(options?: Parameters<typeof LoginPage.path>[0]): Promise<void> {
    return this.goto(LoginPage.path(options));
  }

  // part: comparison, begin
  choice(mode: Mode): Locator {
    return this.modeChoice.getByRole('radio', { name: mode.name, exact: true });
  }

  async choose(mode: Mode): Promise<void> {
    await this.choice(mode).check();
  }
  // part: comparison, end

  async submit({ username, password }: User): Promise<void> {
    await this.username.fill(username);
    await this.password.fill(password);
    await this.form.getByRole('button', { name: 'Log in', exact: true }).click();
  }
}
