import { test } from '../fixtures.ts';
import { LoginPage } from '../pages/login-page.ts';
import { LogoutPage } from '../pages/logout-page.ts';
import { MePage } from '../pages/me-page.ts';
import { RotationPage } from '../pages/rotation-page.ts'; // part: comparison
import { cookieModes, bearerModes } from '../support/modes.ts';
import { own, pathOf, paths } from '../support/paths.ts';
import { picture } from './picture.ts';

for (const path of [...paths, ...bearerModes.map((mode) => LoginPage.path({ mode }))]) {
  test(`${path}, signed out`, async ({ page }) => {
    await page.goto(path);
    await picture(page, `${path.replace(/\?.*=/, '-')} no-js`);
  });
}

for (const mode of cookieModes) {
  test(`${mode.name}`, async ({ page, user }) => {
    await page.goto(LoginPage.path({ mode }));
    await new LoginPage(page).submit(user);
    await new MePage(page).expectSignedIn(mode);
    await picture(page, `/me/${mode.id} signed in no-js`);
    for (const path of own.slice(1)) {
      await page.goto(pathOf(path, mode));
      await picture(page, `${pathOf(path, mode)} signed in no-js`);
    }
    // part: comparison, begin
    await page.goto('/rotation');
    await new RotationPage(page).region(mode).rotateAndTry.click();
    await page.waitForURL(/rotation\?/);
    await picture(page, `/rotation ${mode.id} no-js`);
    // part: comparison, end
    await page.goto('/logout');
    await new LogoutPage(page).logOut(mode);
    await page.waitForURL(/logout\?/);
    await picture(page, `/logout ${mode.id} done no-js`);
  });
}
