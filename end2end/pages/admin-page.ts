import type { Locator } from '@playwright/test';

import type { Mode } from '../support/modes.ts';
import { Layout } from './layout.ts';

export class AdminPage extends Layout {
  readonly table: Locator = this.main.getByRole('table', { name: 'Accounts' });
  readonly first: Locator = this.main.getByRole('link', { name: 'First', exact: true });
  readonly activity: Locator = this.main.getByRole('link', { name: 'All activity', exact: true });

  static path(mode: Mode): string {
    return `/admin/${mode.id}`;
  }

  open(mode: Mode): Promise<void> {
    return this.goto(AdminPage.path(mode));
  }

  row(username: string): Locator {
    return this.table.locator(`[data-user="${username}"]`);
  }

  async change(username: string, change: 'Disable' | 'Enable' | 'End sign-ins'): Promise<void> {
    await this.row(username).getByRole('button', { name: `${change} ${username}`, exact: true }).click();
  }
}
