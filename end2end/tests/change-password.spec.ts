import { expect, test } from '../fixtures.ts';
import { AccountPage } from '../pages/account-page.ts';
import { HomePage } from '../pages/home-page.ts';
import { MePage } from '../pages/me-page.ts';
import { elsewhere, newUser } from '../support/api.ts';
import { modes } from '../support/modes.ts';

for (const mode of modes) {
  test(`${mode.name}: a new password ends all other sign-ins, and this one continues`, async ({ signedIn, page, api, user }) => {
    const home = await signedIn(mode);
    const others = await elsewhere(api, user);
    await home.openAccount(mode);
    const account = new AccountPage(page);
    const { password } = newUser();
    await account.changePassword(user.password, password);
    await expect(account.status).toContainText('Your password has been changed.');
    await expect(account.currentPassword).toHaveValue('');
    await expect(account.newPassword).toHaveValue('');
    for (const { mode: other, credential } of others) expect(await api.present(other, credential), other.name).toBe('refused');
    expect((await api.call('POST', `/api/${mode.id}/login`, { body: user })).status, 'the old password').toBe(401);
    await api.login(mode, { ...user, password });

    await account.follow('Me');
    await new MePage(page).expectSignedIn(mode);
    await new MePage(page).rotate.click();
    await expect(new MePage(page).generation, 'the change was a rotation, too').toHaveText('3');
  });

  test(`${mode.name}: a wrong and a weak password are reported beside their fields`, async ({ signedIn, page, user, console }) => {
    console.expectStatus(400, '/api/account/password');
    const home = await signedIn(mode);
    await home.openAccount(mode);
    const account = new AccountPage(page);
    await account.changePassword('not the password at all', newUser().password);
    await expect(account.currentPassword).toHaveAccessibleDescription(/Current password is incorrect/);
    await expect(account.currentPassword).toHaveAttribute('aria-invalid', 'true');
    await expect(account.newPassword).not.toHaveAttribute('aria-invalid', 'true');

    await account.changePassword(user.password, 'too short');
    await expect(account.newPassword).toBeFocused();
    await expect(account.newPassword).toHaveAccessibleDescription(/at least 15 characters/);
    await expect(account.newPassword).toHaveAttribute('aria-invalid', 'true');
    await expect(account.currentPassword).not.toHaveAttribute('aria-invalid', 'true');
    await account.expectRecognisedBy(mode);
  });
}

test('the forms of the account speak to password managers', async ({ signedInToAll, page, user }) => {
  const home = await signedInToAll();
  const account = new AccountPage(page);
  for (const mode of modes) {
    await home.openAccount(mode);
    await expect(account.currentPassword).toHaveAttribute('autocomplete', 'current-password');
    await expect(account.newPassword).toHaveAttribute('autocomplete', 'new-password');
    await expect(account.password).toHaveAttribute('autocomplete', 'current-password');
    const forms = await account.passwordForms.all();
    expect(forms.length).toBeGreaterThanOrEqual(2);
    for (const form of forms) await expect(form.locator('[autocomplete="username"]')).toHaveValue(user.username);
    await account.follow('Home');
    await new HomePage(page).region(mode).expectState('signed-in');
  }
});
