import { expect, test } from '../fixtures.ts';
import { MePage } from '../pages/me-page.ts'; // part: comparison
import { bearerModes } from '../support/modes.ts'; // part: comparison
import { cookieModes } from '../support/modes.ts';

// Runs in the projects without JavaScript. Do not wait for hydration here: it never happens.

for (const mode of cookieModes) {
  // part: comparison, begin
  test(`${mode.name}: the tabs lead to the pages of other modes`, async ({ signedInByForm, page }) => {
    const me = await signedInByForm(mode);
    await expect(me.tab(mode)).toHaveAccessibleName(`${mode.name} (signed in)`);
    await expect(me.tab(mode)).toHaveAttribute('aria-current', 'page');
    for (const other of bearerModes) {
      await me.tab(other).click();
      await expect(page).toHaveURL(MePage.path(other));
      await expect(me.tab(other), 'the server does not know it').toHaveAccessibleName(other.name);
      await expect(me.tab(mode)).toHaveAccessibleName(`${mode.name} (signed in)`);
    }
  });
  // part: comparison, end

  test(`${mode.name}: the page describes the cookie and the server's record`, async ({ signedInByForm, page, api, wire }) => {
    const me = await signedInByForm(mode);
    const cookie = (await page.context().cookies()).find(({ name }) => name === mode.cookie);
    await expect(me.ofCookie('Name')).toHaveText(mode.cookie ?? 'no cookie');
    await expect(me.cookieLength).toHaveText(`${cookie?.value.length} bytes`);
    expect(await page.content()).not.toContain(cookie?.value);
    const own = (await api.credentials(mode, await wire.credential(mode))).find(({ current }) => current);
    if (own) await expect(me.recorded('Sign-in id')).toHaveText(own.id);
    else await expect(me.record).toContainText('The server stores no row for this sign-in');
  });
}
