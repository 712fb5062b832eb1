// part: comparison
import type { Locator } from '@playwright/test';

import type { Mode } from '../support/modes.ts';
import { Layout } from './layout.ts';

/** The strengths of the access check. */
export type Check = 'signature' | 'account' | 'sign-in';

/** What the second use of a credential does. */
export type Policy = 'default' | 'strict';

/** The page has no script, so each action is a page load. */
export class LabPage extends Layout {
  static readonly path = '/lab';

  async open(): Promise<void> {
    await this.page.goto(LabPage.path);
  }

  async openSandbox({ check = 'account', policy = 'default' }: { check?: Check; policy?: Policy } = {}): Promise<void> {
    await this.open();
    await this.main.locator(`input[name="access_check"][value="${check}"]`).check();
    await this.main.locator(`input[name="policy"][value="${policy}"]`).check();
    await this.main.getByRole('button', { name: 'Open a sandbox' }).click();
    await this.main.getByRole('heading', { name: 'The bench' }).waitFor();
  }

  /** Presses a button that acts in all modes. */
  async act(name: string): Promise<void> {
    const answered = this.page.waitForResponse((answer) => answer.request().method() === 'GET' && answer.url().endsWith('/lab'));
    await this.main.getByRole('button', { name, exact: true }).click();
    await answered;
    await this.page.waitForLoadState();
  }

  /** Opens the page of a study and runs it. Another test may have run it before: the server keeps the last result for all visitors. */
  async study(path: string): Promise<void> {
    await this.page.goto(path);
    // The answer is the result. Some studies hash dozens of passwords.
    await this.main.locator(`form[action="${path}"]`).getByRole('button').click({ timeout: 20_000 });
  }

  /** The result of the last action. */
  get said(): Locator {
    return this.main.getByRole('status');
  }

  column(mode: Mode): LabColumn {
    return new LabColumn(this.main.locator(`.lab-column[data-mode="${mode.id}"]`));
  }

  /** A row of the table of measured delays. */
  delay(mode: Mode): Locator {
    return this.main.getByRole('region', { name: 'How long the copy worked' }).locator(`tr[data-mode="${mode.id}"]`);
  }

  /** The tree of a race, in words. */
  race(mode: Mode): Locator {
    return this.main.locator(`.lab-race[data-mode="${mode.id}"]`);
  }

  /** A row of the table of thefts. */
  story(mode: Mode): Locator {
    return this.main.getByRole('region', { name: 'A theft, and two renewals' }).locator(`tr[data-mode="${mode.id}"]`);
  }

  /** The rows of the comparison for one action and mode. */
  cost(action: string, mode: Mode): Locator {
    const rows = this.main.getByRole('region', { name: 'The comparison' }).getByRole('row');
    return rows.filter({ has: this.page.getByRole('rowheader', { name: action, exact: true }) }).filter({ hasText: mode.name });
  }
}

class LabColumn {
  /** The last answer, as it crossed the wire. */
  readonly answer: Locator;
  /** Bytes, statements, operations, time. */
  readonly cost: Locator;
  readonly steps: Locator;
  readonly holdings: Locator;
  readonly diagram: Locator;

  constructor(readonly root: Locator) {
    this.answer = root.locator('pre[data-status]');
    this.cost = root.locator('.lab-cost');
    this.steps = root.locator('.lab-steps > li');
    this.holdings = root.locator('.lab-holdings > li');
    this.diagram = root.getByRole('img');
  }
}
