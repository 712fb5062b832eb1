import { expect, test } from '../fixtures.ts';
import { AccountPage } from '../pages/account-page.ts';
import { ActivityPage } from '../pages/activity-page.ts';
import { AdminPage } from '../pages/admin-page.ts';
import { ApiDocsPage } from '../pages/api-docs-page.ts';
import { hydrated } from '../pages/layout.ts';
import { MePage } from '../pages/me-page.ts';
import { RotationPage } from '../pages/rotation-page.ts'; // part: comparison
import { demoAdmin } from '../support/demo.ts';
import { modes } from '../support/modes.ts';
import { paths } from '../support/paths.ts';
import { picture } from './picture.ts';

for (const path of paths) {
  test(`${path}, signed out`, async ({ page }) => {
    await page.goto(path);
    await hydrated(page);
    await picture(page, path);
  });
}

test('signed in to all', async ({ signedInToAll, page }) => {
  const home = await signedInToAll();
  await picture(page, '/ signed in');
  await home.follow('Log out');
  await picture(page, '/logout signed in');
});

for (const mode of modes) {
  test(`${mode.name}`, async ({ signedIn, page }) => {
    const home = await signedIn(mode);
    await home.openMe(mode);
    await new MePage(page).expectSignedIn(mode);
    await picture(page, `/me/${mode.id} signed in`);
    await home.follow('Home');
    await home.openAccount(mode);
    await new AccountPage(page).expectRecognisedBy(mode);
    await picture(page, `/account/${mode.id} signed in`);
    await new AccountPage(page).activity.click();
    await expect(new ActivityPage(page).rows.first()).toBeVisible();
    await picture(page, `/account/${mode.id}/activity signed in`);
    // part: comparison, begin
    await home.follow('Rotation');
    const region = new RotationPage(page).region(mode);
    await region.rotateAndTry.click();
    await expect(region.generation).toHaveText('2');
    await picture(page, `/rotation ${mode.id}`);
    // part: comparison, end
  });
}

for (const mode of new Set([...modes.slice(0, 1), ...modes.slice(-1)])) {
  test(`an admin by ${mode.name}`, async ({ signedInAs, server, api, page }) => {
    for (let times = 0; times < 3; times++) await api.login(mode, await api.register());
    const home = await signedInAs(mode, demoAdmin(server));
    await home.openAccount(mode);
    await new AccountPage(page).allAccounts.click();
    const accounts = new AdminPage(page);
    await expect(accounts.table).toBeVisible();
    await picture(page, `/admin/${mode.id} signed in`);
    await accounts.activity.click();
    await expect(new ActivityPage(page).rows.first()).toBeVisible();
    await picture(page, `/admin/${mode.id}/activity signed in`);
  });
}

test('calls of the API, opened', async ({ page }) => {
  await new ApiDocsPage(page).open();
  for (const line of (await page.locator('details > summary').all()).slice(0, 3)) await line.click();
  await picture(page, '/api-docs opened');
});
