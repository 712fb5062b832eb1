import { expect, test } from '../fixtures.ts';
import { AccountPage } from '../pages/account-page.ts'; // part: comparison
import { hydrated } from '../pages/layout.ts';
import { LoginPage } from '../pages/login-page.ts';
import { MePage } from '../pages/me-page.ts';
import { inFirefox } from '../support/browsers.ts';
import { bearerModes, cookieModes, heldModes, modes, renewingModes } from '../support/modes.ts';

for (const mode of modes) {
  test(`${mode.name}: shows who is signed in, and by what`, async ({ signedIn, page, user, wire }) => {
    await (await signedIn(mode)).openMe(mode);
    const me = new MePage(page);
    await me.expectSignedIn(mode);
    await expect(me.value('Username')).toHaveText(user.username);
    await expect(me.value('Role')).toHaveText(/^user$/i);
    await expect(me.value('Generation')).toHaveText('1');
    await expect(me.value(mode.renews_silently ? 'Access token until' : 'Ends if not used').locator('time')).toHaveAttribute('datetime', /^\d{4}-\d\d-\d\dT[\d:]+Z$/);
    await expect(me.main).toContainText(mode.transport === 'cookie' ? (mode.cookie ?? '') : 'Authorization');

    // The request really had the credential that the page names.
    const shown = await wire.credential(mode);
    expect(Object.keys(shown)).toContain(mode.transport === 'cookie' ? 'cookie' : 'authorization');
  });

  test(`${mode.name}: rotates and logs out there`, async ({ signedIn, page }) => {
    await (await signedIn(mode)).openMe(mode);
    const me = new MePage(page);
    await me.rotate.click();
    await expect(me.generation).toHaveText('2');
    await me.logOut.click();
    await expect(me.main.getByText(/Not signed in|Log in/).first()).toBeVisible();
    await expect(me.logOut).toBeHidden();
  });

  test(`${mode.name}: a refused rotation is reported, although it removes the button that was pressed`, async ({ signedIn, page, console }) => {
    console.expectStatus(401, `/api/${mode.id}/rotate`);
    await (await signedIn(mode)).openMe(mode);
    const me = new MePage(page);
    await me.expectSignedIn(mode);
    await page.route(`**/api/${mode.id}/rotate`, (route) =>
      route.fulfill({ status: 401, json: { detail: 'The credential is not valid.', code: 'token_not_valid', reason: 'revoked' } }),
    );
    await me.rotate.click();
    await me.expectNotSignedIn(mode);
    await expect(me.main).toContainText('The server has ended this sign-in.');
    await expect(me.alert).toContainText('You were signed out before this was sent.');
    await expect(me.alert, 'the keyboard is not lost').toBeFocused();
  });

  test(`${mode.name}: after a message is dismissed, the keyboard goes on from the heading`, async ({ signedIn, page }) => {
    await (await signedIn(mode)).openMe(mode);
    const me = new MePage(page);
    await me.rotate.click();
    await expect(me.status).toContainText('rotated, now generation 2');
    await me.dismiss.press('Enter');
    await expect(me.status).toBeEmpty();
    await expect(me.heading).toBeFocused();
  });

  test(`${mode.name}: /me leads to the mode that was used last`, async ({ signedIn, page }) => {
    const home = await signedIn(mode);
    await home.follow('Me');
    await expect(page).toHaveURL(MePage.path(mode));
    await new MePage(page).expectSignedIn(mode);
  });
}

for (const mode of cookieModes) {
  test(`${mode.name}: a visitor is redirected before anything is rendered`, async ({ request }) => {
    const answer = await request.get(MePage.path(mode), { maxRedirects: 0, headers: { accept: 'text/html' } });
    expect(answer.status()).toBe(303);
    expect(await answer.text()).toBe('');
    const target = new URL(answer.headers()['location'] ?? '', answer.url());
    expect(target.pathname).toBe('/login');
    expect(target.searchParams.get('mode')).toBe(mode.id);
    expect(target.searchParams.get('next')).toBe(MePage.path(mode));
  });

  test(`${mode.name}: the login leads a visitor back to where they were going`, async ({ page, user }) => {
    await page.goto(MePage.path(mode));
    await hydrated(page);
    const login = new LoginPage(page);
    await expect(login.choice(mode)).toBeChecked(); // part: comparison
    await login.submit(user);
    await new MePage(page).expectSignedIn(mode);
  });

  test(`${mode.name}: the server renders the page for the user, and no shared cache may keep it`, async ({ api, user }) => {
    const answer = await api.call('GET', MePage.path(mode), { headers: { ...(await api.login(mode, user)), accept: 'text/html' } });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain(user.username);
    expect(answer.headers.get('cache-control')).toMatch(/private.*no-store|no-store.*private/);
  });

  test(`${mode.name}: a forged cookie is sent away like none`, async ({ api }) => {
    const answer = await api.call('GET', MePage.path(mode), { headers: { cookie: `${mode.cookie}=${'A'.repeat(64)}`, accept: 'text/html' } });
    expect(answer.status).toBe(303);
    expect(await answer.text()).toBe('');
  });
}

for (const mode of bearerModes) {
  test(`${mode.name}: a visitor is told to log in, and the link opens the login of this mode`, async ({ page, user }) => {
    const me = new MePage(page);
    await me.open(mode);
    await me.expectNotSignedIn(mode);
    await me.main.getByRole('link', { name: /log in/i }).click();
    const login = new LoginPage(page);
    await expect(login.choice(mode)).toBeChecked(); // part: comparison
    await login.submit(user);
    await me.expectSignedIn(mode);
  });
}

for (const mode of [...cookieModes, ...renewingModes]) {
  test(`${mode.name}: a reload keeps the sign-in`, inFirefox, async ({ signedIn, page, user }) => {
    await (await signedIn(mode)).openMe(mode);
    const me = new MePage(page);
    await me.expectSignedIn(mode);
    await me.reload();
    await me.expectSignedIn(mode);
    await expect(me.value('Username')).toHaveText(user.username);
  });
}

for (const mode of cookieModes) {
  test(`${mode.name}: the page of a sign-in that no script has noted is found`, async ({ signedIn, page }) => {
    const home = await signedIn(mode);
    // As after a form that was sent before hydration.
    await page.evaluate(() => localStorage.clear());
    await home.follow('Me');
    await new MePage(page).expectSignedIn(mode);
  });
}

for (const mode of heldModes) {
  test(`${mode.name}: a reload loses a token in memory, and the page says why`, async ({ signedIn, page }) => {
    await (await signedIn(mode)).openMe(mode);
    const me = new MePage(page);
    await me.expectSignedIn(mode);
    await me.reload();
    await me.expectNotSignedIn(mode);
    await expect(me.main).toContainText(/memory/i);
  });

  for (const place of ['Session storage', 'Local storage'] as const) {
    test(`${mode.name}: a token in ${place.toLowerCase()} survives a reload, until it is moved back`, async ({ signedIn, page }) => {
      const home = await signedIn(mode);
      await home.keepTokenIn(place);
      await home.reload();
      await home.region(mode).expectState('signed-in');
      await home.openMe(mode);
      await new MePage(page).expectSignedIn(mode);

      await home.follow('Home');
      await home.keepTokenIn('Memory');
      await home.reload();
      await home.region(mode).expectState('signed-out');
    });
  }
}

for (const mode of renewingModes) {
  test(`${mode.name}: names the end of the token and that of the sign-in`, async ({ signedIn, page }) => {
    await (await signedIn(mode)).openMe(mode);
    const me = new MePage(page);
    await expect(me.value('Access token until')).toContainText('renewed automatically');
    const [token = '', signIn = ''] = await Promise.all(
      ['Access token until', 'Ends at the latest'].map((term) => me.value(term).locator('time').getAttribute('datetime').then((at) => at ?? '')),
    );
    expect(Date.parse(token)).toBeLessThan(Date.parse(signIn));
  });
}

for (const path of ['/me', '/account', '/admin']) {
  test(`${path} redirects a visitor to the login`, async ({ request }) => {
    const answer = await request.get(path, { maxRedirects: 0, headers: { accept: 'text/html' } });
    expect(answer.status()).toBe(303);
    const target = new URL(answer.headers()['location'] ?? '', answer.url());
    expect(target.pathname).toBe('/login');
    expect(target.searchParams.get('next')).toBe(path);
  });
}

for (const mode of modes) {
  test(`${mode.name}: on a wide screen, the heading needs one line`, async ({ signedIn, page }) => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await (await signedIn(mode)).openMe(mode);
    const me = new MePage(page);
    await me.expectSignedIn(mode);
    expect(await me.heading.evaluate((heading) => heading.clientHeight / parseFloat(getComputedStyle(heading).lineHeight))).toBeLessThan(1.5);
  });
}

// part: comparison, begin
for (const [index, mode] of modes.entries()) {
  const other = modes[(index + 1) % modes.length] ?? mode;

  test(`${mode.name}: a tab leads to the same page of ${other.name}, and says that it is signed in`, async ({ signedInToAll, page }) => {
    const home = await signedInToAll();
    await home.openMe(mode);
    const me = new MePage(page);
    await expect(me.tabs.getByRole('link')).toHaveCount(modes.length);
    await expect(me.tab(mode)).toHaveAttribute('aria-current', 'page');
    await expect(me.tab(other)).toHaveAccessibleName(`${other.name} (signed in)`);
    await me.tab(other).click();
    await expect(page).toHaveURL(MePage.path(other));
    await me.expectSignedIn(other);
    await expect(me.tabs.locator('[aria-current]')).toHaveAccessibleName(`${other.name} (signed in)`);

    await me.follow('Account');
    await new AccountPage(page).tab(mode).click();
    await expect(page).toHaveURL(AccountPage.path(mode));
    await new AccountPage(page).expectRecognisedBy(mode);
  });

  test(`${mode.name}: the tabs of other modes say that they are signed out`, async ({ signedIn, page }) => {
    await (await signedIn(mode)).openMe(mode);
    for (const each of modes.filter((each) => each !== mode)) {
      await expect(new MePage(page).tab(each)).toHaveAccessibleName(`${each.name} (signed out)`);
    }
  });
}
// part: comparison, end
