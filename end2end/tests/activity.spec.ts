import { expect, test } from '../fixtures.ts';
import { AccountPage } from '../pages/account-page.ts';
import { ActivityPage } from '../pages/activity-page.ts';
import { AdminPage } from '../pages/admin-page.ts';
import { newUser } from '../support/api.ts';
import { cookieModes, modes } from '../support/modes.ts';

for (const mode of modes) {
  test(`${mode.name}: shows the actions on the account and their outcomes`, async ({ signedIn, page, api, user }) => {
    const home = await signedIn(mode);
    await home.region(mode).button('Rotate').click();
    await expect(home.region(mode).generation).toHaveText('2');
    expect((await api.call('POST', `/api/${mode.id}/login`, { body: { ...user, password: newUser().password } })).status).toBe(401);

    await home.openAccount(mode);
    await new AccountPage(page).activity.click();
    await expect(page).toHaveURL(ActivityPage.path(mode));
    const activity = new ActivityPage(page);
    await expect(activity.heading).toHaveText('Activity');
    await expect(activity.events('register', 'done')).toContainText('Create the account');
    await expect(activity.events('login', 'done')).toContainText(mode.name);
    await expect(activity.events('rotate', 'done')).toContainText('Rotate the credential');
    await expect(activity.events('login', 'refused')).toContainText('Failed');
    await expect(activity.rows.first(), 'the latest').toHaveAttribute('data-outcome', 'refused');
    await expect(activity.table).not.toContainText(user.password);
  });

  test(`${mode.name}: older events are a link away, and so is the way back`, async ({ signedIn, page, api, user }) => {
    const home = await signedIn(mode);
    await api.rotate(mode, await api.login(mode, user), 20);
    await home.openAccount(mode);
    await new AccountPage(page).activity.click();
    const activity = new ActivityPage(page);
    await expect(activity.rows).toHaveCount(20);
    await expect(activity.events('rotate', 'done')).toHaveCount(20);
    await expect(activity.newest).toHaveCount(0);

    await activity.older.click();
    await expect(page).toHaveURL(/\/activity\?before=/);
    await expect(activity.heading).toHaveText('Earlier activity');
    await expect(activity.heading, 'each page of the log has its own heading').toBeFocused();
    await expect(activity.events('register', 'done')).toHaveCount(1);
    await expect(activity.events('login', 'done')).toHaveCount(2);
    await expect(activity.older).toHaveCount(0);

    await activity.newest.click();
    await expect(page).toHaveURL(ActivityPage.path(mode));
    await expect(activity.rows).toHaveCount(20);
  });
}

// One mode: the outcomes are the same for all modes. A cookie mode: a page request carries its credential.
for (const mode of cookieModes.slice(0, 1)) {
  test(`${mode.name}: a new password that breaks the rules is named as the cause of the failure`, async ({ signedIn, page, wire, api, user }) => {
    await signedIn(mode);
    const request = { headers: { ...(await wire.credential(mode)) }, body: { current: user.password, new: 'too short' } };
    expect((await api.call('POST', '/api/account/password', request)).status).toBe(400);
    await page.goto(ActivityPage.path(mode));
    await expect(new ActivityPage(page).events('change-password', 'refused')).toContainText('Failed: The username or the new password breaks the rules.');
  });

  test(`${mode.name}: the entry of a denial has the name of the denied action and the reason of the refusal`, async ({ signedIn, page, wire, api }) => {
    await signedIn(mode);
    const headers = { ...(await wire.credential(mode)), accept: 'text/html' };
    expect((await api.call('GET', AdminPage.path(mode), { headers })).status).toBe(403);
    await page.goto(ActivityPage.path(mode));
    await expect(new ActivityPage(page).events('deny', 'refused')).toContainText(/Act as an administrator.*Refused: The account is not an administrator\./);
  });

  test(`${mode.name}: the events of one sign-in have the same code in the column “Sign-in”`, async ({ signedIn, page, user, api }) => {
    await api.login(mode, user); // another sign-in
    const home = await signedIn(mode);
    await home.region(mode).button('Rotate').click();
    await expect(home.region(mode).generation).toHaveText('2');
    await page.goto(ActivityPage.path(mode));
    const activity = new ActivityPage(page);
    const [rotated = '', latest = '', other = ''] = await Promise.all(
      [activity.events('rotate', 'done'), activity.events('login', 'done').nth(0), activity.events('login', 'done').nth(1)].map((row) => activity.signIn(row).innerText()),
    );
    expect(latest).toBe(rotated);
    expect(other).not.toBe(rotated);
  });
}
