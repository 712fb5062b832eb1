import { expect, test } from '../fixtures.ts';
import { AccountPage } from '../pages/account-page.ts'; // part: comparison
import { HomePage } from '../pages/home-page.ts';
import { LoginPage } from '../pages/login-page.ts';
import { LogoutPage } from '../pages/logout-page.ts';
import { inFirefox } from '../support/browsers.ts';
import { elsewhere, newUser } from '../support/api.ts'; // part: comparison
import { heldModes, renewingModes } from '../support/modes.ts'; // part: comparison
import { bearerModes, cookieModes, logInText, modes } from '../support/modes.ts';

for (const mode of modes) {
  test(`${mode.name}: logging out ends what the page says it ends`, inFirefox, async ({ signedIn, page, wire, api, user }) => {
    const home = await signedIn(mode);
    const copy = await wire.credential(mode);
    const otherDevice = await api.login(mode, user);
    expect(await api.present(mode, copy)).toBe('accepted');

    await home.follow('Log out');
    const logout = new LogoutPage(page);
    await logout.logOut(mode);
    const expected = await logout.fateOfCopies(); // first: the page says it once the server has answered
    expect(await api.present(mode, copy)).toBe(expected);
    await logout.region(mode).expectState('signed-out');
    expect((await page.context().cookies()).map(({ name }) => name)).not.toContain(mode.cookie);
    expect(await api.present(mode, otherDevice), 'another device').toBe('accepted');

    await home.open();
    await home.region(mode).expectState('signed-out');
  });

  test(`${mode.name}: logging out on every device ends them all`, async ({ signedIn, page, wire, api, user }) => {
    const home = await signedIn(mode);
    const copy = await wire.credential(mode);
    const otherDevice = await api.login(mode, user);

    await home.follow('Log out');
    const logout = new LogoutPage(page);
    await logout.logOutOnEveryDevice(mode);
    const expected = await logout.fateOfCopies();
    await logout.region(mode).expectState('signed-out');
    expect(await api.present(mode, copy)).toBe(expected);
    expect(await api.present(mode, otherDevice)).toBe(expected);
  });

  test(`${mode.name}: a logout says when the server could not read the credential`, async ({ signedIn, page }) => {
    const home = await signedIn(mode);
    await home.follow('Log out');
    const logout = new LogoutPage(page);
    await page.route(`**/api/${mode.id}/logout`, (route) => route.fulfill({ status: 204, headers: { 'x-revocation': 'unreadable' } }));
    await logout.logOut(mode);
    await expect(logout.status).toContainText('The server could not read the credential, so it has ended no sign-in: a copy may still work.');
    await logout.region(mode).expectState('signed-out');
  });

  // part: comparison, begin
  test(`${mode.name}: is enough to log out everywhere`, async ({ signedIn, page, api, user }) => {
    const others = await elsewhere(api, user);
    const home = await signedIn(mode);
    await home.follow('Log out');
    const logout = new LogoutPage(page);
    await logout.logOutEverywhere();
    const expected = await logout.fateOfCopies();
    for (const each of modes) await logout.region(each).expectState('signed-out');

    const verdicts = await Promise.all(others.map(({ mode: other, credential }) => api.present(other, credential)));
    // The page says that every copy has stopped working only if that is true in all modes.
    if (expected === 'refused') expect(verdicts).not.toContain('accepted');
    else expect(verdicts).toContain('accepted');
  });
  // part: comparison, end
}

// part: comparison, begin
test('everywhere means every mode of this browser', async ({ signedInToAll, page }) => {
  const home = await signedInToAll();
  await home.follow('Log out');
  const logout = new LogoutPage(page);
  await logout.logOutEverywhere();
  await logout.fateOfCopies();
  await home.open();
  for (const mode of modes) await home.region(mode).expectState('signed-out');
});
// part: comparison, end

// part: comparison, begin
for (const mode of heldModes) {
  test(`${mode.name}: what a reload has lost is explained until it is ended`, async ({ signedInToAll, page }) => {
    const home = await signedInToAll();
    await home.reload();
    await expect(home.region(mode).root).toContainText(/memory/i);
    // Wait for the renewals: the server would refuse one in progress, which is an error in the console.
    for (const each of renewingModes) await home.region(each).expectState('signed-in');
    await home.follow('Log out');
    const logout = new LogoutPage(page);
    await logout.logOutEverywhere();
    await logout.fateOfCopies();
    await expect(logout.region(mode).root).not.toContainText(/memory/i);
  });
}
// part: comparison, end

test('signed out, there is nothing to log out of', async ({ page }) => {
  const logout = new LogoutPage(page);
  await logout.open();
  for (const mode of modes) await logout.region(mode).expectState('signed-out');
  await expect(new HomePage(page).main.getByRole('button', { name: /^Log out of/ })).toHaveCount(0);
});

for (const mode of modes) {
  test(`${mode.name}: the card keeps what ended until the next login`, async ({ signedIn, page, wire, api, user }) => {
    const home = await signedIn(mode);
    const copy = await wire.credential(mode);
    await home.follow('Log out');
    const logout = new LogoutPage(page);
    await logout.logOut(mode);
    await expect(logout.region(mode).afterLogout).toBeVisible(); // the server has answered
    const fate = {
      refused: /^Logged out at [\d:]+ UTC\. Every copy stopped working at once\./,
      accepted: /^Logged out at [\d:]+ UTC\. Copies of the credential still work until [\w ,:]+ UTC at the latest\./,
    }[await api.present(mode, copy)];
    await expect(logout.region(mode).afterLogout).toHaveText(fate);
    await logout.follow('Home');
    await expect(home.region(mode).afterLogout).toHaveText(fate);

    await home.region(mode).link(logInText(mode)).click();
    await new LoginPage(page).submit(user);
    await home.region(mode).expectState('signed-in');
    await expect(home.region(mode).afterLogout).toHaveCount(0);
  });
}

test('each card keeps its own logout', async ({ signedInToAll }) => {
  const home = await signedInToAll();
  for (const mode of modes) {
    await home.region(mode).button('Log out').click();
    await home.region(mode).expectState('signed-out');
  }
  for (const mode of modes) await expect(home.region(mode).afterLogout).toContainText(/^Logged out at /);
});

// part: comparison, begin
test('a password change leaves no date of an earlier logout behind', async ({ signedInToAll, page, user }) => {
  const home = await signedInToAll();
  const [changing, ...others] = modes;
  for (const mode of others) {
    await home.region(mode).button('Log out').click();
    await expect(home.region(mode).afterLogout).toBeVisible();
  }
  await home.openAccount(changing!);
  const account = new AccountPage(page);
  await account.changePassword(user.password, newUser().password);
  await expect(account.status).toContainText('Your password has been changed.');
  await account.follow('Home');
  for (const mode of others) {
    await home.region(mode).expectState('signed-out');
    await expect(home.region(mode).afterLogout).toHaveCount(0);
  }
});
// part: comparison, end

for (const mode of bearerModes) {
  test(`${mode.name}: the old copy can be tried, and the answer is the server's`, async ({ signedIn, wire, api, console }) => {
    console.expectStatus(401, `/api/${mode.id}/me`);
    const home = await signedIn(mode);
    const copy = await wire.credential(mode);
    const region = home.region(mode);
    await region.button('Log out').click();
    await region.tryOldCopy.click();
    const word = { accepted: 'Still accepted', refused: 'Refused' }[await api.present(mode, copy)];
    await expect(region.oldCopy).toContainText(word);
    await expect(home.status).toContainText(`${mode.name}: the old copy is ${word.toLowerCase()}.`);
    await region.expectState('signed-out');
  });

  test(`${mode.name}: the old copy is on no page and in no storage, and does not survive leaving the page`, async ({ signedIn, page, wire }) => {
    const home = await signedIn(mode);
    const token = (await wire.credential(mode)).authorization?.split(' ')[1] ?? 'no token';
    await home.region(mode).button('Log out').click();
    await expect(home.region(mode).tryOldCopy).toBeVisible();
    const seen = await page.evaluate(() => document.documentElement.outerHTML + JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    expect(seen).not.toContain(token);

    await home.follow('API');
    await home.follow('Home');
    await expect(home.region(mode).afterLogout).toBeVisible();
    await expect(home.region(mode).tryOldCopy).toHaveCount(0);
    await expect(home.region(mode).afterLogout).toContainText('the page that had it deleted it when you left');
  });

  // part: comparison, begin
  test(`${mode.name}: the old copy can be tried after a logout everywhere`, async ({ signedIn, page, console }) => {
    console.expectStatus(401, `/api/${mode.id}/me`);
    const home = await signedIn(mode);
    await home.follow('Log out');
    const logout = new LogoutPage(page);
    await logout.logOutEverywhere();
    const region = logout.region(mode);
    await expect(region.afterLogout).toContainText(/^Logged out everywhere at /);
    await region.tryOldCopy.click();
    await expect(region.oldCopy).toContainText('Refused');
  });
  // part: comparison, end
}

for (const mode of cookieModes) {
  test(`${mode.name}: says why there is no old copy to try`, async ({ signedIn }) => {
    const region = (await signedIn(mode)).region(mode);
    await region.button('Log out').click();
    await expect(region.afterLogout).toContainText('the cookie was HttpOnly, so no script could keep one.');
    await expect(region.tryOldCopy).toHaveCount(0);
  });
}

for (const mode of modes) {
  test(`${mode.name}: a card that is signed out leads to the login, and back`, async ({ page, user }) => {
    const logout = new LogoutPage(page);
    await logout.open();
    await logout.region(mode).link(logInText(mode)).click();
    await new LoginPage(page).submit(user);
    await expect(page).toHaveURL('/logout');
    await logout.region(mode).expectState('signed-in');
  });
}
