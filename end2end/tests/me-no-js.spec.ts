import type { Page } from '@playwright/test';

import { expect, test } from '../fixtures.ts';
import { LoginPage } from '../pages/login-page.ts';
import { MePage } from '../pages/me-page.ts';
import type { User } from '../support/api.ts';
import { bearerModes, cookieModes, type Mode } from '../support/modes.ts';

// Runs in the projects without JavaScript. Do not wait for hydration here: it never happens.

async function logIn(page: Page, mode: Mode, user: User): Promise<MePage> {
  await page.goto(LoginPage.path({ mode }));
  await new LoginPage(page).submit(user);
  const me = new MePage(page);
  await me.expectSignedIn(mode);
  return me;
}

for (const mode of cookieModes) {
  test(`${mode.name}: the tabs lead to the pages of other modes`, async ({ page, user }) => {
    const me = await logIn(page, mode, user);
    await expect(me.tab(mode)).toHaveAccessibleName(`${mode.name} (signed in)`);
    await expect(me.tab(mode)).toHaveAttribute('aria-current', 'page');
    for (const other of bearerModes) {
      await me.tab(other).click();
      await expect(page).toHaveURL(MePage.path(other));
      await expect(me.tab(other), 'the server does not know it').toHaveAccessibleName(other.name);
      await expect(me.tab(mode)).toHaveAccessibleName(`${mode.name} (signed in)`);
    }
  });

  test(`${mode.name}: the page describes the cookie and the server's record`, async ({ page, user, api, wire }) => {
    const me = await logIn(page, mode, user);
    const cookie = (await page.context().cookies()).find(({ name }) => name === mode.cookie);
    await expect(me.ofCookie('Name')).toHaveText(mode.cookie ?? 'no cookie');
    await expect(me.cookieLength).toHaveText(`${cookie?.value.length} bytes`);
    expect(await page.content()).not.toContain(cookie?.value);
    const own = (await api.credentials(mode, await wire.credential(mode))).find(({ current }) => current);
    if (own) await expect(me.recorded('Id')).toHaveText(own.id);
    else await expect(me.record).toContainText('The server stores no row for this sign-in');
  });
}
