import { expect, type Locator } from '@playwright/test';

import type { Verdict } from '../support/api.ts';
import type { Mode } from '../support/modes.ts';
import { Layout } from './layout.ts';
import { ModeRegion } from './mode-region.ts';

export class RotationPage extends Layout {
  open(): Promise<void> {
    return this.goto('/rotation');
  }

  region(mode: Mode): RotationRegion {
    return new RotationRegion(this.page, mode);
  }
}

class RotationRegion extends ModeRegion {
  readonly rotateAndTry: Locator = this.button('Rotate and try the old one');
  readonly chain: Locator = this.root.getByRole('list', { name: /^Generations of / });

  /** The verdicts that the page shows for the last replaced credential. */
  async verdicts(): Promise<{ signIn: Verdict; rotate: Verdict }> {
    return { signIn: await this.verdict('verdict-sign-in'), rotate: await this.verdict('verdict-rotate') };
  }

  private async verdict(testId: string): Promise<Verdict> {
    const line = this.root.getByTestId(testId).last();
    const verdict = await line.getAttribute('data-verdict');
    // The text and the attribute must agree.
    await expect(line).toContainText(verdict ?? 'no verdict');
    return verdict as Verdict;
  }
}
