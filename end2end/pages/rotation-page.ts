// part: comparison
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

const shownVerdicts: Record<string, { text: string; verdict: Verdict }> = {
  accepted: { text: 'still accepted', verdict: 'accepted' },
  retry: { text: 'accepted as a retry', verdict: 'accepted' },
  refused: { text: 'refused.', verdict: 'refused' },
  ended: { text: 'refused as theft', verdict: 'refused' },
};

class RotationRegion extends ModeRegion {
  readonly rotateAndTry: Locator = this.button('Rotate and try the old one');
  readonly chain: Locator = this.root.getByRole('list', { name: /^Generations of / });

  readonly rotateVerdict: Locator = this.root.getByTestId('verdict-rotate').last();
  /** Uses the replaced credential once more, for real. Within the grace it has the other name and is disabled. */
  readonly replay: Locator = this.button('Replay it');
  readonly replayLater: Locator = this.button('Replay it later');
  readonly replayWait: Locator = this.root.getByTestId('replay-wait');
  /** What the replay has caused. */
  readonly replayed: Locator = this.root.getByTestId('replayed');
  /** What the credential of this browser still does after a replay. */
  readonly afterwards: Locator = this.root.getByTestId('replay-afterwards');

  /** The verdicts that the page shows for the last replaced credential. */
  async verdicts(): Promise<{ signIn: Verdict; rotate: Verdict }> {
    return { signIn: await this.verdict('verdict-sign-in'), rotate: await this.verdict('verdict-rotate') };
  }

  private async verdict(testId: string): Promise<Verdict> {
    const line = this.root.getByTestId(testId).last();
    const verdict = await line.getAttribute('data-verdict');
    const shown = shownVerdicts[verdict ?? ''];
    if (!shown) throw new Error(`${verdict} is no verdict`);
    // The text and the attribute must agree.
    await expect(line).toContainText(shown.text);
    return shown.verdict;
  }
}
