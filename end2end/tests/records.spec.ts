import type { Locator } from '@playwright/test';

import { expect, test } from '../fixtures.ts';
import { AccountPage } from '../pages/account-page.ts';
import { ActivityPage } from '../pages/activity-page.ts';
import { elsewhere } from '../support/api.ts';
import { modes } from '../support/modes.ts';

/** How many times have a line break between the hour and the time zone. */
function brokenTimes(rows: Locator): Promise<number> {
  return rows.locator('time').evaluateAll((times) =>
    times.filter((time) => {
      const text = time.firstChild;
      const start = (text?.textContent?.length ?? 0) - '00:00:00 UTC'.length;
      if (!text || start < 0) throw new Error('no time');
      const range = document.createRange();
      range.setStart(text, start);
      range.setEnd(text, start + '00:00:00 UTC'.length);
      return new Set([...range.getClientRects()].map(({ top }) => top)).size > 1;
    }).length,
  );
}

// One mode whose sign-ins are listed: the table is the same for all of them.
for (const mode of modes.filter(({ remembers }) => remembers).slice(0, 1)) {
  for (const width of [390, 1280, 1440]) {
    test(`${mode.name}: at ${width} pixels, no time of a record is broken before its time zone`, async ({ signedIn, page, api, user }) => {
      await page.setViewportSize({ width, height: 900 });
      const home = await signedIn(mode);
      await elsewhere(api, user);
      await home.openAccount(mode);
      const account = new AccountPage(page);
      await expect(account.rows.first()).toBeVisible();
      expect(await brokenTimes(account.rows)).toBe(0);
      await account.activity.click();
      const { rows } = new ActivityPage(page);
      await expect(rows.first()).toBeVisible();
      expect(await brokenTimes(rows), 'the activity').toBe(0);
    });
  }

  test(`${mode.name}: a phone shows two fields of a record side by side`, async ({ signedIn, page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await (await signedIn(mode)).openAccount(mode);
    const cells = new AccountPage(page).own.getByRole('cell');
    const [first, second] = [await cells.nth(0).boundingBox(), await cells.nth(1).boundingBox()];
    if (!first || !second) throw new Error('no cells');
    expect(second.y).toBe(first.y);
    expect(second.x).toBeGreaterThan(first.x + first.width);
  });

  test(`${mode.name}: on a wide screen, the text about ending sign-ins is beside the password`, async ({ signedIn, page }) => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await (await signedIn(mode)).openAccount(mode);
    const { endForm, password } = new AccountPage(page);
    const [text, field] = [await endForm.locator('p').first().boundingBox(), await password.boundingBox()];
    if (!text || !field) throw new Error('no form');
    expect(field.x).toBeGreaterThan(text.x + text.width);
  });
}
