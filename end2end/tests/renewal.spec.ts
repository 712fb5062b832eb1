import { expect, test } from '../fixtures.ts';
import { HomePage } from '../pages/home-page.ts';
import { MePage } from '../pages/me-page.ts';
import { renewingModes } from '../support/modes.ts';
import { ownServer } from '../support/own-server.ts';
import { shortAccess } from '../support/settings.ts';

test.use({ settings: shortAccess });

for (const mode of renewingModes) {
  test(`${mode.name}: is renewed before it expires, once for all tabs`, ownServer, async ({ signedIn, context, wire }) => {
    const first = await signedIn(mode);
    const second = new HomePage(await context.newPage());
    await second.open();
    await second.region(mode).expectState('signed-in');

    const generations = () => Promise.all([first, second].map(async (tab) => Number(await tab.region(mode).generation.innerText())));
    await expect(async () => {
      const [one, two] = await generations();
      expect(one).toBeGreaterThanOrEqual(3);
      expect(two).toBe(one);
      // One request per generation. After a race there would be more requests than generations.
      expect(wire.rotations(mode)).toBe((one ?? 0) - 1);
    }).toPass({ timeout: 20_000 });
  });

  test(`${mode.name}: a renewal removes the token that the page shows`, ownServer, async ({ signedIn, page }) => {
    await (await signedIn(mode)).openMe(mode);
    const me = new MePage(page);
    await me.showToken.click();
    const token = await me.token.innerText();
    await expect(me.token).toHaveCount(0);
    await me.showToken.click();
    await expect(me.token).not.toHaveText(token);
  });

  test(`${mode.name}: nothing is lost while a renewal is slow`, ownServer, async ({ signedIn, page, wire, api }) => {
    const home = await signedIn(mode);
    const old = await wire.credential(mode);
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route(`**/api/${mode.id}/rotate`, async (route) => {
      await released;
      await route.continue();
    });
    await page.waitForRequest(`**/api/${mode.id}/rotate`);
    await expect.poll(() => api.present(mode, old), 'the old token expires during the renewal').toBe('refused');

    // A request in that gap waits for the renewal: it is neither sent with the expired token (which the console would
    // show) nor dropped.
    await home.openMe(mode);
    release();
    await new MePage(page).expectSignedIn(mode);
  });

  test(`${mode.name}: a renewal whose answer is lost is asked for again, before that looks like a theft`, ownServer, async ({ signedIn, page }) => {
    const home = await signedIn(mode);
    const lost = page.waitForRequest(`**/api/${mode.id}/rotate`);
    await page.route(
      `**/api/${mode.id}/rotate`,
      async (route) => {
        // The server rotates, but the browser never gets the answer.
        const { host, connection, 'content-length': length, ...headers } = await route.request().allHeaders();
        await fetch(route.request().url(), { method: 'POST', headers });
      },
      { times: 1 },
    );
    await lost;
    const retried = await page.waitForResponse(`**/api/${mode.id}/rotate`);
    expect(await retried.headerValue('x-rotation')).toBe('retry');
    await home.region(mode).expectState('signed-in');
    await expect(home.region(mode).generation).toHaveText(/^([2-9]|\d\d)$/);
  });

  test(`${mode.name}: no answer while the page loads is no sign-out`, ownServer, async ({ signedIn, page, console }) => {
    console.expectStatus(503, `/api/${mode.id}/rotate`);
    const home = await signedIn(mode);
    let away = true;
    await page.route(`**/api/${mode.id}/rotate`, (route) =>
      away ? route.fulfill({ status: 503, json: { detail: 'The database is away.', code: 'unavailable' } }) : route.continue(),
    );
    await home.reload();
    await expect(home.region(mode).root).toContainText('The database is away.');
    await home.region(mode).expectState('unknown');
    await home.follow('Log out');
    await expect(home.main).toContainText('Asking the server who is signed in…');
    away = false;
    await expect(home.region(mode).root).toContainText('Signed in as', { timeout: 20_000 });
  });

  test(`${mode.name}: no answer to who it is, while the page loads, is asked for again`, ownServer, async ({ signedIn, page, console }) => {
    console.expectStatus(503, `/api/${mode.id}/me`);
    const home = await signedIn(mode);
    await page.route(
      `**/api/${mode.id}/me`,
      (route) => route.fulfill({ status: 503, json: { detail: 'The database is away.', code: 'unavailable' } }),
      { times: 1 },
    );
    await home.reload();
    await home.region(mode).expectState('signed-in');
  });

  test(`${mode.name}: an unexpected 401 is answered by one renewal, and the request is repeated`, ownServer, async ({ signedIn, page, wire, console }) => {
    console.expectStatus(401, `/api/${mode.id}/me`);
    const home = await signedIn(mode);
    const before = wire.rotations(mode);
    await page.route(
      `**/api/${mode.id}/me`,
      (route) => route.fulfill({ status: 401, json: { detail: 'The credential is not valid.', code: 'token_not_valid' } }),
      { times: 1 },
    );
    await home.openMe(mode);
    await new MePage(page).expectSignedIn(mode);
    await expect.poll(() => wire.rotations(mode)).toBeGreaterThan(before);
  });

  test(`${mode.name}: a reload needs no user, and the access token is nowhere to be read`, ownServer, async ({ signedIn, page, wire }) => {
    const home = await signedIn(mode);
    const before = (await wire.credential(mode)).authorization;
    await home.reload();
    await home.region(mode).expectState('signed-in');
    const after = (await wire.credential(mode)).authorization;
    expect(after).not.toBe(before);
    const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
    for (const authorization of [before, after]) expect(stored).not.toContain(authorization?.split(' ')[1]);
  });
}
