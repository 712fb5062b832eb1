import { expect, test } from '../fixtures.ts';
import { AccountPage } from '../pages/account-page.ts';
import { MePage } from '../pages/me-page.ts';
import { elsewhere, newUser } from '../support/api.ts';
import { modes } from '../support/modes.ts';

for (const mode of modes) {
  test(`${mode.name}: ends any sign-in of the list, and no other`, async ({ signedIn, page, wire, api, user }) => {
    const home = await signedIn(mode);
    const others = await elsewhere(api, user);
    await home.openAccount(mode);
    const account = new AccountPage(page);
    for (const { mode: other, credential } of others) {
      const entry = (await api.credentials(other, credential)).find(({ current }) => current);
      if (!entry) continue; // on no list
      await account.end(entry.id, user.password);
      await expect(account.row(entry.id)).toHaveCount(0);
      await expect(account.status).toHaveText('That sign-in has ended.');
      await expect(account.status, 'the button is gone, the keyboard is not lost').toBeFocused();
      await expect(account.password, 'the password does not stay').toHaveValue('');
      expect(await api.present(other, credential, 'rotate'), other.name).toBe('refused');
    }
    expect(await api.present(mode, await wire.credential(mode)), 'this one').toBe('accepted');
  });

  test(`${mode.name}: ends all other sign-ins, also those that are not on the list`, async ({ signedIn, page, wire, api, user }) => {
    const home = await signedIn(mode);
    const others = await elsewhere(api, user);
    const copy = await wire.credential(mode);
    await home.openAccount(mode);
    const account = new AccountPage(page);
    await account.endOthers(user.password);
    await expect(account.status).toContainText('All other sign-ins of this account have ended');
    for (const { mode: other, credential } of others) expect(await api.present(other, credential), other.name).toBe('refused');
    expect(await api.present(mode, copy), 'the copy of the credential').toBe('refused');

    const listed = await api.credentials(mode, await wire.credential(mode));
    expect(listed.filter(({ current }) => !current)).toEqual([]);
    await expect(account.rows).toHaveCount(listed.length);
    await account.follow('Me');
    const me = new MePage(page);
    await me.expectSignedIn(mode);
    await me.rotate.click();
    await expect(me.generation, 'ending the others was a rotation, too').toHaveText('3');
  });

  // part: comparison, begin
  test(`${mode.name}: ending all others signs the other modes of this browser out as well`, async ({ signedInToAll, page, user }) => {
    const home = await signedInToAll();
    await home.openAccount(mode);
    const account = new AccountPage(page);
    await account.endOthers(user.password);
    await expect(account.status).toContainText('All other sign-ins of this account have ended');
    await account.follow('Home');
    for (const each of modes) await home.region(each).expectState(each === mode ? 'signed-in' : 'signed-out');
  });
  // part: comparison, end

  test(`${mode.name}: a wrong password ends nothing, and is reported beside its field`, async ({ signedIn, page, wire, api, user, console }) => {
    console.expectStatus(400, '/credentials/');
    const home = await signedIn(mode);
    const others = await elsewhere(api, user);
    await home.openAccount(mode);
    const account = new AccountPage(page);
    const other = (await api.credentials(mode, await wire.credential(mode))).find(({ current }) => !current);
    if (!other) throw new Error('no other sign-in is listed');

    await account.end(other.id, newUser().password);
    await expect(account.password).toHaveAccessibleDescription(/Current password is incorrect/);
    await expect(account.password).toHaveAttribute('aria-invalid', 'true');
    await account.endOthers('');
    await expect(account.password).toHaveAccessibleDescription(/required|blank/);
    await account.endOthers(newUser().password);
    await expect(account.password).toHaveAccessibleDescription(/Current password is incorrect/);

    await expect(account.row(other.id)).toBeVisible();
    await account.expectRecognisedBy(mode);
    for (const { mode: other, credential } of others) expect(await api.present(other, credential), other.name).toBe('accepted');

    await account.end(other.id, user.password);
    await expect(account.row(other.id)).toHaveCount(0);
    await expect(account.password).not.toHaveAttribute('aria-invalid', 'true');
  });

  test(`${mode.name}: shows the result of the last action only`, async ({ signedIn, page, user, console }) => {
    console.expectStatus(400, '/api/account/password');
    console.expectStatus(429, '/credentials/end-others');
    const home = await signedIn(mode);
    await home.openAccount(mode);
    const account = new AccountPage(page);
    await account.endOthers(user.password);
    await expect(account.status).toContainText('All other sign-ins of this account have ended');

    await account.changePassword(newUser().password, newUser().password);
    await expect(account.passwordForm.getByRole('alert')).toHaveText('Check the current password.');
    await expect(account.currentPassword).toBeFocused();
    await expect(account.status).toBeEmpty();

    const throttled = { detail: 'Too many attempts. Wait a few minutes, then try again.', code: 'throttled' };
    await page.route(`**/api/${mode.id}/credentials/end-others`, (route) => route.fulfill({ status: 429, json: throttled }), { times: 1 });
    await account.endOthers(user.password);
    await expect(account.endForm.getByRole('alert')).toHaveText(throttled.detail);
    await expect(account.alert).toHaveCount(1);
    await expect(account.currentPassword).not.toHaveAttribute('aria-invalid', 'true');

    await account.changePassword(user.password, newUser().password);
    await expect(account.status).toContainText('Your password has been changed.');
    await expect(account.alert).toHaveCount(0);
  });

  test(`${mode.name}: the Enter key ends all others, and not the first of the list`, async ({ signedIn, page, api, user }) => {
    const home = await signedIn(mode);
    await elsewhere(api, user);
    await home.openAccount(mode);
    const account = new AccountPage(page);
    await expect(account.rows.first()).toBeVisible();
    await account.password.fill(user.password);
    await account.password.press('Enter');
    await expect(account.status).toContainText('All other sign-ins of this account have ended');
  });

  test(`${mode.name}: reports that another request came first, and stays signed in`, async ({ signedIn, page, user, console }) => {
    console.expectStatus(409, '/api/');
    const home = await signedIn(mode);
    await home.openAccount(mode);
    const account = new AccountPage(page);
    const conflict = { detail: 'Another request has changed the account at the same time. Reload the page.', code: 'conflict' };
    for (const path of [`**/api/${mode.id}/credentials/end-others`, '**/api/account/password']) {
      await page.route(path, (route) => route.fulfill({ status: 409, json: conflict }));
    }
    await account.endOthers(user.password);
    await expect(account.endForm.getByRole('alert')).toHaveText(conflict.detail);
    await account.changePassword(user.password, newUser().password);
    await expect(account.passwordForm.getByRole('alert')).toHaveText(conflict.detail);
    await account.expectRecognisedBy(mode);
  });
}
