// part: comparison
import { expect, test } from '../fixtures.ts';
import { LoginPage } from '../pages/login-page.ts';
import { LogoutPage } from '../pages/logout-page.ts';
import { modes } from '../support/modes.ts';

for (const leaving of modes) {
  test(`${leaving.name}: logging out leaves the other modes signed in`, async ({ signedInToAll }) => {
    const home = await signedInToAll();
    await home.region(leaving).button('Log out').click();
    await home.region(leaving).expectState('signed-out');
    for (const mode of modes.filter((mode) => mode !== leaving)) {
      await home.region(mode).expectState('signed-in');
      // Not only on the page: the server accepts each for another rotation.
      await home.region(mode).button('Rotate').click();
      await expect(home.region(mode).generation).toHaveText('2');
    }
  });
}

test('rotating one mode leaves the generations of the others', async ({ signedInToAll }) => {
  const home = await signedInToAll();
  for (const [index, rotating] of modes.entries()) {
    await home.region(rotating).button('Rotate').click();
    await expect(home.region(rotating).generation).toHaveText('2');
    for (const later of modes.slice(index + 1)) await expect(home.region(later).generation).toHaveText('1');
  }
});

for (const [index, second] of modes.slice(1).entries()) {
  const first = modes[index] ?? second;

  test(`${first.name} and ${second.name} may belong to two users`, async ({ signedIn, page, api, user }) => {
    const home = await signedIn(first);
    const other = await api.register();
    await home.region(second).link(`Log in (${second.name})`).click();
    await new LoginPage(page).submit(other);
    await expect(home.region(second).root).toContainText(other.username);
    await expect(home.region(first).root).toContainText(user.username);
  });

  test(`logging out of ${first.name} everywhere leaves another user's ${second.name}`, async ({ signedIn, page, api, user }) => {
    const home = await signedIn(first);
    const other = await api.register();
    await home.region(second).link(`Log in (${second.name})`).click();
    await new LoginPage(page).submit(other);
    await expect(home.region(second).root).toContainText(other.username);
    await home.follow('Log out');
    const logout = new LogoutPage(page);
    await expect(logout.main).toContainText(`every sign-in of ${user.username}`);
    await logout.logOutEverywhere();
    await logout.fateOfCopies();
    await logout.region(first).expectState('signed-out');
    // Not only on the page: the server accepts it for another rotation.
    await home.follow('Home');
    await home.region(second).button('Rotate').click();
    await expect(home.region(second).generation).toHaveText('2');
  });
}
