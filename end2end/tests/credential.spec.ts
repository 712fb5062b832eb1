import { expect, test } from '../fixtures.ts';
import { MePage } from '../pages/me-page.ts';
import { bearerModes, cookieModes, heldModes, modes, renewingModes } from '../support/modes.ts';

for (const mode of bearerModes) {
  test(`${mode.name}: the token is on the page only between “Show the token” and “Hide the token”`, async ({ signedIn, page, wire }) => {
    await (await signedIn(mode)).openMe(mode);
    const me = new MePage(page);
    await expect(me.showToken).toHaveAttribute('aria-expanded', 'false');
    const token = (await wire.credential(mode)).authorization?.split(' ')[1] ?? 'no token';
    expect(await page.content()).not.toContain(token);
    await me.showToken.press('Enter');
    await expect(me.token).toHaveText(token);
    await expect(me.hideToken).toHaveAttribute('aria-expanded', 'true');
    await expect(me.hideToken, 'the keyboard stays').toBeFocused();
    await me.hideToken.press('Enter');
    await expect(me.token).toHaveCount(0);
    expect(await page.content()).not.toContain(token);
  });

  test(`${mode.name}: a rotation removes the shown token, and the next one is another`, async ({ signedIn, page }) => {
    await (await signedIn(mode)).openMe(mode);
    const me = new MePage(page);
    await me.showToken.click();
    const token = await me.token.innerText();
    await me.rotate.click();
    await expect(me.generation).toHaveText('2');
    await expect(me.token).toHaveCount(0);
    await me.showToken.click();
    await expect(me.token).not.toHaveText(token);
  });

  test(`${mode.name}: a logout removes the shown token`, async ({ signedIn, page }) => {
    await (await signedIn(mode)).openMe(mode);
    const me = new MePage(page);
    await me.showToken.click();
    const token = await me.token.innerText();
    await me.logOut.click();
    await me.expectNotSignedIn(mode);
    expect(await page.content()).not.toContain(token);
  });

  // mode: jwt, begin
  test(`${mode.name}: the claims are shown if the token is a JWT`, async ({ signedIn, page }) => {
    await (await signedIn(mode)).openMe(mode);
    const me = new MePage(page);
    await me.showToken.click();
    const [, payload, ...rest] = (await me.token.innerText()).split('.');
    if (!payload || rest.length !== 1) return expect(me.claims).toHaveCount(0);

    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    for (const [name, value] of Object.entries(claims)) await expect(me.claim(name)).toContainText(String(value));
    await expect(me.claims.locator('[data-claim]')).toHaveCount(Object.keys(claims).length);
    const expires = new Date(Number(claims['exp']) * 1000).toISOString().replace('.000', '');
    await expect(me.claim('exp').locator('time')).toHaveAttribute('datetime', expires);
    await expect(me.claim('jti').locator('time'), 'an id is no date').toHaveCount(0);
  });
  // mode: jwt, end
}

for (const mode of heldModes) {
  for (const place of ['Memory', 'Session storage', 'Local storage'] as const) {
    test(`${mode.name}: says that the token is kept in ${place.toLowerCase()}`, async ({ signedIn, page }) => {
      const home = await signedIn(mode);
      await home.keepTokenIn(place);
      await home.openMe(mode);
      await expect(new MePage(page).credential).toContainText(place.toLowerCase());
    });
  }
}

for (const mode of renewingModes) {
  test(`${mode.name}: says where both tokens are`, async ({ signedIn, page }) => {
    await (await signedIn(mode)).openMe(mode);
    const { credential } = new MePage(page);
    await expect(credential).toContainText('The access token is in this page\'s memory.');
    await expect(credential).toContainText(`HttpOnly cookie ${mode.cookie}`);
  });
}

for (const mode of cookieModes) {
  test(`${mode.name}: the cookie is described as the browser has it, without its value`, async ({ signedIn, page }) => {
    await (await signedIn(mode)).openMe(mode);
    const me = new MePage(page);
    await me.reload();
    const cookie = (await page.context().cookies()).find(({ name }) => name === mode.cookie);
    if (!cookie) throw new Error('no cookie');
    await expect(me.ofCookie('Name')).toHaveText(cookie.name);
    await expect(me.cookieLength).toHaveText(`${cookie.value.length} bytes`);
    const attributes = [
      ...(cookie.httpOnly ? ['HttpOnly'] : []),
      `SameSite=${cookie.sameSite}`,
      ...(cookie.secure ? ['Secure'] : []),
      `Path=${cookie.path}`,
    ];
    await expect(me.ofCookie('Attributes').locator('li > code:first-child')).toHaveText([...attributes, 'Domain']);
    expect(await page.content()).not.toContain(cookie.value);
  });

  test(`${mode.name}: the length of the cookie is known after a login and a rotation by a script`, async ({ signedIn, page }) => {
    await (await signedIn(mode)).openMe(mode);
    const me = new MePage(page);
    await expect(me.cookieLength).toHaveText(/^\d+ bytes$/);
    const asked = page.waitForResponse('**/api/fn/cookie-sign-ins*');
    await me.rotate.click();
    await expect(me.generation).toHaveText('2');
    await asked;
    const cookie = (await page.context().cookies()).find(({ name }) => name === mode.cookie);
    await expect(me.cookieLength).toHaveText(`${cookie?.value.length} bytes`);
  });
}

for (const mode of modes.filter((mode) => mode.remembers)) {
  test(`${mode.name}: shows the server's row of this sign-in`, async ({ signedIn, page, api, user, wire }) => {
    await api.login(mode, user); // another sign-in, whose row must not be shown
    await (await signedIn(mode)).openMe(mode);
    const me = new MePage(page);
    await expect(me.recorded('Sign-in id')).toHaveCount(1);
    const own = (await api.credentials(mode, await wire.credential(mode))).find(({ current }) => current);
    await expect(me.recorded('Sign-in id')).toHaveText(own?.id ?? 'no row');
    await expect(me.recorded('Program')).toContainText(await page.evaluate(() => navigator.userAgent));
    for (const term of ['Signed in', 'Last seen', ...(mode.renews_silently ? ['Ends if not used'] : [])]) {
      await expect(me.recorded(term).locator('time')).toHaveAttribute('datetime', /Z$/);
    }
  });
}

for (const mode of modes.filter((mode) => !mode.remembers)) {
  test(`${mode.name}: says that the server has no row of this sign-in`, async ({ signedIn, page }) => {
    await (await signedIn(mode)).openMe(mode);
    const { record } = new MePage(page);
    await expect(record).toContainText('The server stores no row for this sign-in.');
    await expect(record, 'as on the home page').toContainText(mode.server_holds);
    await expect(record.locator('dl')).toHaveCount(0);
  });
}
