import { expect, test } from '../fixtures.ts';
import { AccountPage } from '../pages/account-page.ts';
import { AdminPage } from '../pages/admin-page.ts';
import type { Layout } from '../pages/layout.ts';
import { LoginPage } from '../pages/login-page.ts';
import { LogoutPage } from '../pages/logout-page.ts'; // part: comparison
import { MePage } from '../pages/me-page.ts';
import { RotationPage } from '../pages/rotation-page.ts'; // part: comparison
import { newUser } from '../support/api.ts';
import { demoAdmin } from '../support/demo.ts';
import { modes, type Mode } from '../support/modes.ts';
import { ownServer } from '../support/own-server.ts';

/** The page has one alert, which has the focus and leads to the login of `mode` and back to this page. */
async function expectLost(layout: Layout, mode: Mode): Promise<void> {
  await expect(layout.alert).toContainText('You were signed out before this was sent. Nothing was changed.');
  await expect(layout.alert).toContainText(`Your sign-in with ${mode.name} had ended.`);
  await expect(layout.alert).toHaveCount(1);
  await expect(layout.alert).toBeFocused();
  const { pathname } = new URL(layout.page.url());
  await expect(layout.alert.getByRole('link')).toHaveAttribute('href', `/login?mode=${mode.id}&next=${pathname}`);
}

for (const mode of modes) {
  test.describe(mode.name, () => {
    test.beforeEach(({ console }) => console.expectStatus(401, '/api/'));

    test('a change of password is not lost silently, and changes nothing', async ({ signedIn, page, api, user }) => {
      await (await signedIn(mode)).openAccount(mode);
      const account = new AccountPage(page);
      await expect(account.passwordForm).toBeVisible();
      await api.endEverything(mode, user);
      await account.changePassword(user.password, newUser().password);
      await expectLost(account, mode);
      await expect(account.passwordForm).toHaveCount(0);
      await api.login(mode, user);
    });

    test('the alert leads to the login, and back', async ({ signedIn, page, api, user }) => {
      await (await signedIn(mode)).openAccount(mode);
      const account = new AccountPage(page);
      await api.endEverything(mode, user);
      await account.changePassword(user.password, newUser().password);
      await account.alert.getByRole('link').click();
      const login = new LoginPage(page);
      await expect(login.choice(mode)).toBeChecked(); // part: comparison
      await login.submit(user);
      await account.expectRecognisedBy(mode);
      await expect(account.alert).toHaveCount(0);
    });

    test('ending all others ends nothing', async ({ signedIn, page, api, user }) => {
      await (await signedIn(mode)).openAccount(mode);
      const account = new AccountPage(page);
      await api.endEverything(mode, user);
      const later = await api.login(mode, user);
      await account.endOthers(user.password);
      await expectLost(account, mode);
      expect(await api.present(mode, later)).toBe('accepted');
    });

    test('a rotation on the protected page rotates nothing', async ({ signedIn, page, api, user }) => {
      await (await signedIn(mode)).openMe(mode);
      const me = new MePage(page);
      await me.expectSignedIn(mode);
      await api.endEverything(mode, user);
      await me.rotate.click();
      await expectLost(me, mode);
      await me.expectNotSignedIn(mode);
    });

    // part: comparison, begin
    test('a trial on the rotation page rotates nothing', async ({ signedIn, page, api, user }) => {
      await (await signedIn(mode)).follow('Rotation');
      const rotation = new RotationPage(page);
      await expect(rotation.region(mode).generation).toHaveText('1');
      await api.endEverything(mode, user);
      await rotation.region(mode).rotateAndTry.click();
      await expectLost(rotation, mode);
      await rotation.region(mode).expectState('signed-out');
    });
    // part: comparison, end

    // part: comparison, begin
    test('logging out everywhere ends nothing', async ({ signedIn, page, api, user }) => {
      await (await signedIn(mode)).follow('Log out');
      const logout = new LogoutPage(page);
      await logout.region(mode).expectState('signed-in');
      await api.endEverything(mode, user);
      const later = await api.login(mode, user);
      await logout.logOutEverywhere();
      await expectLost(logout, mode);
      expect(await api.present(mode, later)).toBe('accepted');
    });
    // part: comparison, end

    test('an administrator disables no account', ownServer, async ({ signedInAs, server, page, api }) => {
      const admin = demoAdmin(server);
      // A name that sorts first, so that it is on the first page.
      const subject = await api.register({ ...newUser(), username: `0-${newUser().username}` });
      await (await signedInAs(mode, admin)).openAccount(mode);
      await new AccountPage(page).allAccounts.click();
      const accounts = new AdminPage(page);
      await expect(accounts.row(subject.username)).toBeVisible();
      await api.endEverything(mode, admin);
      await accounts.change(subject.username, 'Disable');
      await expectLost(accounts, mode);
      await api.login(mode, subject);
    });
  });
}

test('a refused action shows the end of every sign-in that ended with it', async ({ signedInToAll, api, user, console }) => {
  console.expectStatus(401, '/api/');
  const home = await signedInToAll();
  const [acting] = modes as [Mode];
  const other = await api.login(acting, user);
  const ended = await api.call('POST', '/api/account/logout-everywhere', { headers: { ...other }, body: { mode: acting.id } });
  expect(ended.status).toBe(204);
  await home.region(acting).button('Rotate').click();
  for (const mode of modes) await home.region(mode).expectState('signed-out');
});
