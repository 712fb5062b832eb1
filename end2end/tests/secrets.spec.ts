import { expect, test } from '../fixtures.ts';
import { AccountPage } from '../pages/account-page.ts';
import { ActivityPage } from '../pages/activity-page.ts';
import { LogoutPage } from '../pages/logout-page.ts';
import { MePage } from '../pages/me-page.ts';
import type { Credential } from '../support/api.ts';
import { heldModes, modes } from '../support/modes.ts';

/** The secret part of a credential: `name=SECRET` or `Bearer SECRET`. */
const secrets = ({ cookie, authorization }: Credential): string[] =>
  [cookie?.slice(cookie.indexOf('=') + 1), authorization?.split(' ')[1]].filter((secret) => secret !== undefined);

test('no credential is to be found in HTML, storage, console or log', async ({ signedInToAll, page, wire, user, console, server }) => {
  const home = await signedInToAll();
  const shown = (await Promise.all(modes.map((mode) => wire.credential(mode)))).flatMap(secrets);
  expect(shown.length).toBeGreaterThanOrEqual(modes.length);
  const hidden = [...shown, user.password];

  const places: Record<string, string> = { home: await page.content() };
  for (const mode of modes) {
    await home.openMe(mode);
    await new MePage(page).expectSignedIn(mode);
    places[`me/${mode.id}`] = await page.content();
    await home.follow('Home');
    await home.region(mode).expectState('signed-in');
  }
  for (const mode of modes) {
    await home.openAccount(mode);
    await expect(new AccountPage(page).rows.first()).toBeVisible();
    places[`account/${mode.id}`] = await page.content();
    await new AccountPage(page).activity.click();
    await expect(new ActivityPage(page).rows.first()).toBeVisible();
    places[`account/${mode.id}/activity`] = await page.content();
    await home.follow('Home');
    await home.region(mode).expectState('signed-in');
  }
  // part: comparison, begin
  await home.follow('Rotation');
  await expect(home.heading).toHaveText('Rotation');
  places['rotation'] = await page.content();
  // part: comparison, end
  await home.follow('Log out');
  await expect(new LogoutPage(page).heading).toHaveText('Log out');
  places['logout'] = await page.content();
  places['storage'] = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  places['document.cookie'] = await page.evaluate(() => document.cookie);
  places['window.name and history'] = await page.evaluate(() => JSON.stringify([window.name, history.state, location.href]));
  places['databases'] = await page.evaluate(async () => JSON.stringify([await indexedDB.databases(), await caches.keys()]));
  places['HTML from the server'] = await (await page.request.get('/')).text();
  places['console'] = console.lines.join('\n');
  places['server log'] = server.log.join('\n');

  for (const [place, text] of Object.entries(places)) {
    expect(hidden.filter((secret) => text.includes(secret)), place).toEqual([]);
  }
});

for (const mode of heldModes) {
  for (const [place, area] of [['Session storage', 'sessionStorage'], ['Local storage', 'localStorage']] as const) {
    test(`${mode.name}: a token kept in ${place.toLowerCase()} is there, only there, and gone after the logout`, async ({ signedIn, page, wire }) => {
      const home = await signedIn(mode);
      const [token = 'no token'] = secrets(await wire.credential(mode));
      const holding = () =>
        page.evaluate(
          (token) => (['sessionStorage', 'localStorage'] as const).filter((area) => JSON.stringify({ ...window[area] }).includes(token)),
          token,
        );
      expect(await holding()).toEqual([]);
      await home.keepTokenIn(place);
      await expect.poll(holding).toEqual([area]);
      await home.region(mode).button('Log out').click();
      await home.region(mode).expectState('signed-out');
      expect(await holding()).toEqual([]);
    });
  }
}
