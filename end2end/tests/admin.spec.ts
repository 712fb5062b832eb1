import { randomUUID } from 'node:crypto';

import { expect, test as base } from '../fixtures.ts';
import { AccountPage } from '../pages/account-page.ts';
import { ActivityPage } from '../pages/activity-page.ts';
import { AdminPage } from '../pages/admin-page.ts';
import { elsewhere, newUser, type User } from '../support/api.ts';
import { demoAdmin } from '../support/demo.ts';
import { bearerModes, cookieModes, heldModes, modes } from '../support/modes.ts';
import { ownServer } from '../support/own-server.ts';
import { admins, pathOf } from '../support/paths.ts';

const test = base.extend<{ admin: User; subject: User }>({
  admin: ({ server }, use) => use(demoAdmin(server)),
  // A name that sorts first, so that it is on the first page, whatever accounts other tests have made.
  subject: async ({ api }, use) => use(await api.register({ ...newUser(), username: `0-${randomUUID().slice(0, 8)}` })),
});

for (const mode of modes) {
  test(`${mode.name}: an admin disables an account and enables it again`, ownServer, async ({ signedInAs, admin, subject, page, api }) => {
    const elsewhere = await api.login(mode, subject);
    const home = await signedInAs(mode, admin);
    await home.openAccount(mode);
    await new AccountPage(page).allAccounts.click();
    const accounts = new AdminPage(page);
    await expect(accounts.row(subject.username)).toContainText('Active');

    await accounts.change(subject.username, 'Disable');
    await expect(accounts.status).toContainText(`${subject.username}: the account is disabled.`);
    await expect(accounts.row(subject.username)).toContainText('Disabled since');
    expect(await api.present(mode, elsewhere)).toBe('refused');
    expect((await api.call('POST', `/api/${mode.id}/login`, { body: subject })).status).toBe(401);

    await accounts.change(subject.username, 'Enable');
    await expect(accounts.row(subject.username)).toContainText('Active');
    expect(await api.present(mode, elsewhere), 'earlier credentials stay refused').toBe('refused');
    await api.login(mode, subject);
  });

  test(`${mode.name}: an admin ends all sign-ins of an account`, ownServer, async ({ signedInAs, admin, subject, page, api }) => {
    const others = await elsewhere(api, subject);
    const home = await signedInAs(mode, admin);
    await home.openAccount(mode);
    await new AccountPage(page).allAccounts.click();
    const accounts = new AdminPage(page);
    await accounts.change(subject.username, 'End sign-ins');
    await expect(accounts.status).toContainText(`${subject.username}: all sign-ins have ended`);
    for (const { mode: other, credential } of others) expect(await api.present(other, credential), other.name).toBe('refused');
    await api.login(mode, subject);
  });

  test(`${mode.name}: an admin cannot lock out the account that asks`, ownServer, async ({ signedInAs, admin, page }) => {
    const home = await signedInAs(mode, admin);
    await home.openAccount(mode);
    await new AccountPage(page).allAccounts.click();
    const accounts = new AdminPage(page);
    const own = accounts.row(admin.username); // on the first page: other tests' accounts are called user-…
    await expect(own.getByRole('link', { name: 'Your account', exact: true })).toHaveAttribute('href', AccountPage.path(mode));
    await expect(own.getByRole('button')).toHaveCount(0);
  });

  test(`${mode.name}: an admin reads the activity of all accounts`, ownServer, async ({ signedInAs, admin, subject, page, api }) => {
    await api.login(mode, subject);
    const home = await signedInAs(mode, admin);
    await home.openAccount(mode);
    await new AccountPage(page).allAccounts.click();
    await new AdminPage(page).activity.click();
    await expect(page).toHaveURL(ActivityPage.pathOfAll(mode));
    const activity = new ActivityPage(page);
    await expect(activity.heading).toHaveText('All activity');
    await expect(activity.events('login', 'done').filter({ hasText: subject.username })).toContainText(mode.name);
    await expect(activity.events('login', 'done').filter({ hasText: admin.username }).first()).toBeVisible();
  });
}

for (const mode of cookieModes) {
  for (const template of admins) {
    const path = pathOf(template, mode);
    test(`${path} is refused to others before anything is rendered`, async ({ api, user }) => {
      const headers = { ...(await api.login(mode, user)), accept: 'text/html' };
      const answer = await api.call('GET', path, { headers });
      expect(answer.status).toBe(403);
      const page = await answer.text();
      expect(page).toContain('Not allowed');
      expect(page).not.toContain('<script');
    });
  }

  test(`${mode.name}: the list goes on from a name, and leads back to its beginning`, ownServer, async ({ signedInAs, admin, subject, page }) => {
    await signedInAs(mode, admin);
    const accounts = new AdminPage(page);
    await page.goto(`${AdminPage.path(mode)}?after=${subject.username}`);
    await expect(accounts.heading).toHaveText('More accounts');
    await expect(accounts.row(subject.username)).toHaveCount(0);
    await accounts.first.click();
    await expect(page).toHaveURL(AdminPage.path(mode));
    await expect(accounts.row(subject.username)).toBeVisible();
  });
}

for (const mode of bearerModes) {
  test(`${mode.name}: the API refuses others, and the page says so`, async ({ signedIn, page, console }) => {
    console.expectStatus(403, '/api/admin/');
    const home = await signedIn(mode);
    if (heldModes.includes(mode)) await home.keepTokenIn('Session storage'); // survives the way there
    const accounts = new AdminPage(page);
    await accounts.open(mode);
    await expect(accounts.alert).toContainText('do not have permission');
    await expect(accounts.table).toHaveCount(0);
  });
}
