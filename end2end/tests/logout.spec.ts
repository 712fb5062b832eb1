import { expect, test } from '../fixtures.ts';
import { HomePage } from '../pages/home-page.ts';
import { LogoutPage } from '../pages/logout-page.ts';
import { heldModes, modes, renewingModes } from '../support/modes.ts';

for (const mode of modes) {
  test(`${mode.name}: logging out ends what the page says it ends`, async ({ signedIn, page, wire, api, user }) => {
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

  test(`${mode.name}: is enough to log out everywhere`, async ({ signedIn, page, api, user }) => {
    const elsewhere = await Promise.all(modes.map(async (other) => ({ other, credential: await api.login(other, user) })));
    const home = await signedIn(mode);
    await home.follow('Log out');
    const logout = new LogoutPage(page);
    await logout.logOutEverywhere();
    const expected = await logout.fateOfCopies();
    for (const each of modes) await logout.region(each).expectState('signed-out');

    const verdicts = await Promise.all(elsewhere.map(({ other, credential }) => api.present(other, credential)));
    // The page says that every copy has stopped working only if that is true in all modes.
    if (expected === 'refused') expect(verdicts).not.toContain('accepted');
    else expect(verdicts).toContain('accepted');
  });
}

test('everywhere means every mode of this browser', async ({ signedInToAll, page }) => {
  const home = await signedInToAll();
  await home.follow('Log out');
  const logout = new LogoutPage(page);
  await logout.logOutEverywhere();
  await logout.fateOfCopies();
  await home.open();
  for (const mode of modes) await home.region(mode).expectState('signed-out');
});

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

test('signed out, there is nothing to log out of', async ({ page }) => {
  const logout = new LogoutPage(page);
  await logout.open();
  for (const mode of modes) await logout.region(mode).expectState('signed-out');
  await expect(new HomePage(page).main.getByRole('button', { name: /^Log out of/ })).toHaveCount(0);
});
