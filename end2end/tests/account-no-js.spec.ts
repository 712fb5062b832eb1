import type { Page } from '@playwright/test';

import { expect, test } from '../fixtures.ts';
import { AccountPage } from '../pages/account-page.ts';
import { ActivityPage } from '../pages/activity-page.ts';
import { AdminPage } from '../pages/admin-page.ts';
import { LoginPage } from '../pages/login-page.ts';
import { elsewhere, newUser, type User } from '../support/api.ts';
import { demoAdmin } from '../support/demo.ts';
import { bearerModes, cookieModes, type Mode } from '../support/modes.ts';
import { ownServer } from '../support/own-server.ts';
import { admins, own, pathOf } from '../support/paths.ts';

// Runs in the projects without JavaScript. Do not wait for hydration here: it never happens.

async function openAccount(page: Page, mode: Mode, user: User): Promise<AccountPage> {
  await page.goto(LoginPage.path({ mode, next: AccountPage.path(mode) }));
  await new LoginPage(page).submit(user);
  const account = new AccountPage(page);
  await account.expectRecognisedBy(mode);
  return account;
}

for (const mode of cookieModes) {
  test(`${mode.name}: lists the sign-ins, and ends any of them`, async ({ page, user, wire, api }) => {
    const others = await elsewhere(api, user);
    const account = await openAccount(page, mode, user);
    const listed = await api.credentials(mode, await wire.credential(mode));
    await expect(account.rows).toHaveCount(listed.length);
    for (const { mode: other, credential } of others) {
      const entry = (await api.credentials(other, credential)).find(({ current }) => current);
      if (!entry) continue; // on no list
      await account.end(entry.id, user.password);
      await expect(page).toHaveURL(`${AccountPage.path(mode)}?done=ended`);
      await expect(account.status).toHaveText('That sign-in has ended.');
      await expect(account.row(entry.id)).toHaveCount(0);
      expect(await api.present(other, credential, 'rotate'), other.name).toBe('refused');
    }
  });

  test(`${mode.name}: ends all others, and goes on`, async ({ page, user, api }) => {
    const others = await elsewhere(api, user);
    const account = await openAccount(page, mode, user);
    await account.endOthers(user.password);
    await expect(page).toHaveURL(`${AccountPage.path(mode)}?done=others&ended=immediate`);
    await expect(account.status).toContainText('All other sign-ins of this account have ended');
    for (const { mode: other, credential } of others) expect(await api.present(other, credential), other.name).toBe('refused');
    await page.goto(AccountPage.path(mode));
    await account.expectRecognisedBy(mode);
  });

  test(`${mode.name}: a wrong password ends nothing, and is reported beside its field`, async ({ page, user, wire, api }) => {
    const others = await elsewhere(api, user);
    const account = await openAccount(page, mode, user);
    const entry = (await api.credentials(mode, await wire.credential(mode))).find(({ current }) => !current);
    if (!entry) throw new Error('no other sign-in is listed');
    const attempts = [
      () => account.end(entry.id, newUser().password),
      () => account.endOthers(newUser().password),
    ];
    for (const attempt of attempts) {
      await page.goto(AccountPage.path(mode));
      await attempt();
      await expect(page).toHaveURL(/[?&]field=password\b/);
      await expect(account.password).toHaveAccessibleDescription(/Current password is incorrect/);
      await expect(account.password).toHaveAttribute('aria-invalid', 'true');
      await expect(account.password).toBeFocused();
      await expect(account.currentPassword, 'of another form').not.toHaveAttribute('aria-invalid', 'true');
    }
    await account.endOthers('');
    await expect(account.password).toHaveAccessibleDescription(/required|blank/);
    await expect(account.password).toBeFocused();
    await expect(account.row(entry.id)).toBeVisible();
    for (const { mode: other, credential } of others) expect(await api.present(other, credential), other.name).toBe('accepted');
  });

  test(`${mode.name}: reports that another request came first`, async ({ page, user }) => {
    const account = await openAccount(page, mode, user);
    await page.goto(`${AccountPage.path(mode)}?error=conflict`);
    await expect(account.alert).toHaveText('Another request has changed the account at the same time. Reload the page.');
  });

  test(`${mode.name}: changes the password; a wrong one is reported beside its field`, async ({ page, user, api }) => {
    const account = await openAccount(page, mode, user);
    const { password } = newUser();
    await account.changePassword('not the password at all', password);
    await expect(page).toHaveURL(/[?&]field=current\b/);
    await expect(account.currentPassword).toBeFocused();
    await expect(account.currentPassword).toHaveAccessibleDescription(/Current password is incorrect/);
    await account.changePassword(user.password, 'too short');
    await expect(page).toHaveURL(/[?&]field=new\b/);
    await expect(account.newPassword).toBeFocused();
    await expect(account.newPassword).toHaveAccessibleDescription(/at least 15 characters/);

    await account.changePassword(user.password, password);
    await expect(page).toHaveURL(`${AccountPage.path(mode)}?done=password&ended=immediate`);
    await expect(account.status).toContainText('Your password has been changed.');
    await api.login(mode, { ...user, password });
  });

  test(`${mode.name}: shows the activity, page by page`, async ({ page, user, api }) => {
    const account = await openAccount(page, mode, user);
    await api.rotate(mode, await api.login(mode, user), 20);
    await account.activity.click();
    const activity = new ActivityPage(page);
    await expect(activity.rows).toHaveCount(20);
    await activity.older.click();
    await expect(activity.events('register', 'done')).toHaveCount(1);
    await activity.newest.click();
    await expect(page).toHaveURL(ActivityPage.path(mode));
  });

  test(`${mode.name}: an admin disables an account and enables it again`, ownServer, async ({ page, server, api }) => {
    const subject = await api.register({ ...newUser(), username: `0-${newUser().username}` });
    const account = await openAccount(page, mode, demoAdmin(server));
    await account.allAccounts.click();
    const accounts = new AdminPage(page);
    await accounts.change(subject.username, 'Disable');
    await expect(page).toHaveURL(`${AdminPage.path(mode)}?done=disabled&ended=immediate`);
    await expect(accounts.status).toContainText('the account is disabled');
    await expect(accounts.row(subject.username)).toContainText('Disabled since');
    await accounts.change(subject.username, 'Enable');
    await expect(page).toHaveURL(`${AdminPage.path(mode)}?done=enabled&ended=immediate`);
    await accounts.change(subject.username, 'End sign-ins');
    await expect(page).toHaveURL(`${AdminPage.path(mode)}?done=expired&ended=immediate`);
    await accounts.activity.click();
    await expect(new ActivityPage(page).events('disable', 'done').filter({ hasText: subject.username })).toHaveCount(1);
  });

  test(`${mode.name}: the refusal of an administrators' page looks like all other pages`, async ({ page, user, console }) => {
    console.expectStatus(403, '/admin/');
    await openAccount(page, mode, user);
    for (const template of admins) {
      const answer = await page.goto(pathOf(template, mode));
      expect(answer?.status()).toBe(403);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Not allowed');
      await expect(page).toHaveTitle('Not allowed · Latchkey');
      await expect(page.getByRole('contentinfo')).toBeVisible();
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Home', exact: true }).click();
      await expect(page).toHaveURL('/');
    }
  });
}

for (const mode of bearerModes) {
  test(`${mode.name}: says on each page of its own why it cannot work`, async ({ page }) => {
    for (const template of [...own, ...admins]) {
      await page.goto(pathOf(template, mode));
      // Located by its element: Playwright's text selectors ignore the content of <noscript>.
      const explanation = page.getByRole('main').locator('noscript p');
      await expect(explanation).toBeVisible();
      expect(await explanation.innerText()).toContain('mode needs JavaScript');
      await expect(page.getByText('Checking whether you are signed in')).toBeHidden();
    }
  });
}
