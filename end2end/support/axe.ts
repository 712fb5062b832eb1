import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** WCAG 2.2 AA, and the practices that axe recommends. By default, axe skips the size of targets. */
const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Checks the page as it is now. Two settings halve the time, and find the same: no page has a frame, so the legacy mode may
 * evaluate the result in the page instead of in an empty one beside it, and only violations are described in detail.
 */
export async function expectNoViolations(page: Page, where = page.url()): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    // All options at once: `options` drops what `withTags` has set.
    .options({ runOnly: { type: 'tag', values }, resultTypes: ['violations'] })
    .setLegacyMode()
    .analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => ({ id, html, failureSummary })));
  expect(found, where).toEqual([]);
}
