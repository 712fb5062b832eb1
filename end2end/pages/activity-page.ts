import type { Locator } from '@playwright/test';

import type { Mode } from '../support/modes.ts';
import { Layout } from './layout.ts';

/** The audit log of one account, or of all. */
export class ActivityPage extends Layout {
  readonly table: Locator = this.main.getByRole('table', { name: 'Activity' });
  readonly rows: Locator = this.table.locator('[data-action]');
  readonly older: Locator = this.main.getByRole('link', { name: 'Older', exact: true });
  readonly newest: Locator = this.main.getByRole('link', { name: 'Newest', exact: true });

  static path(mode: Mode): string {
    return `/account/${mode.id}/activity`;
  }

  static pathOfAll(mode: Mode): string {
    return `/admin/${mode.id}/activity`;
  }

  /** The code of an event's sign-in. */
  signIn(row: Locator): Locator {
    return row.getByRole('cell').last();
  }

  /** The events with this action and outcome. */
  events(action: string, outcome: 'done' | 'refused'): Locator {
    return this.table.locator(`[data-action="${action}"][data-outcome="${outcome}"]`);
  }
}
