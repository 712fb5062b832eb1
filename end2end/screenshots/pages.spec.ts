import { join } from 'node:path';

import { expect, test } from '../fixtures.ts';
import { AccountPage } from '../pages/account-page.ts';
import { ActivityPage } from '../pages/activity-page.ts';
import { hydrated } from '../pages/layout.ts';
import { HomePage } from '../pages/home-page.ts';
import { MePage } from '../pages/me-page.ts';
import { RotationPage } from '../pages/rotation-page.ts';
import { newUser } from '../support/api.ts';
import { modes } from '../support/modes.ts';
import { paths } from '../support/paths.ts';
import { root } from '../support/server-path.ts';
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
    await home.follow('Compare');
    await home.openAccount(mode);
    await new AccountPage(page).expectRecognisedBy(mode);
    await picture(page, `/account/${mode.id} signed in`);
    await new AccountPage(page).activity.click();
    await expect(new ActivityPage(page).rows.first()).toBeVisible();
    await picture(page, `/account/${mode.id}/activity signed in`);
    await home.follow('Rotation');
    const region = new RotationPage(page).region(mode);
    await region.rotateAndTry.click();
    await expect(region.generation).toHaveText('2');
    await picture(page, `/rotation ${mode.id}`);
  });
}

test('README', async ({ page, api }) => {
  await page.setViewportSize({ width: 1440, height: 1080 });
  const home = new HomePage(page);
  await home.open();
  await home.logInToAll(await api.register({ ...newUser(), username: 'ada' }));
  await home.main.getByRole('button', { name: 'Dismiss' }).click();
  await page.screenshot({ path: join(root, 'docs', 'screenshot.png') });
});
