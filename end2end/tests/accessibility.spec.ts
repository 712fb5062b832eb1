import type { Page } from '@playwright/test';

import { expect, test } from '../fixtures.ts';
import { AccountPage } from '../pages/account-page.ts';
import { ActivityPage } from '../pages/activity-page.ts';
import { AdminPage } from '../pages/admin-page.ts';
import { hydrated } from '../pages/layout.ts';
import { ApiDocsPage } from '../pages/api-docs-page.ts';
import { LoginPage } from '../pages/login-page.ts';
import { MePage } from '../pages/me-page.ts';
import { RegisterPage } from '../pages/register-page.ts';
import { RotationPage } from '../pages/rotation-page.ts'; // part: comparison
import { expectNoViolations } from '../support/axe.ts';
import { newUser } from '../support/api.ts';
import { demoAdmin } from '../support/demo.ts';
import { cookieModes, modes } from '../support/modes.ts';
import { pixelsTooWide } from '../support/overflow.ts';
import { ownServer } from '../support/own-server.ts';
import { paths } from '../support/paths.ts';

const narrow = { width: 360, height: 740 };
const wide = { width: 1440, height: 900 };

/**
 * Checks the page wide and narrow, light and dark: no violations, and no horizontal scrolling. Colours do not depend on
 * the width, so two of the four combinations are enough.
 */
async function expectAccessible(page: Page): Promise<void> {
  for (const [size, colorScheme] of [[wide, 'light'], [narrow, 'dark']] as const) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    expect(await pixelsTooWide(page), `pixels too wide at ${size.width}`).toBeLessThanOrEqual(0);
    await expectNoViolations(page, `${colorScheme}, ${size.width} wide`);
  }
}

for (const path of paths) {
  test(`${path}, signed out`, async ({ page }) => {
    await page.goto(path);
    await hydrated(page);
    await expectAccessible(page);
  });
}

test('/api-docs, with every call open', async ({ page }) => {
  test.slow(); // the longest page by far, looked at in every setting
  const docs = new ApiDocsPage(page);
  await docs.open();
  await docs.main.locator('details').evaluateAll((all) => all.forEach((details) => details.setAttribute('open', '')));
  await expectAccessible(page);
});

test('a page that is not there', async ({ page, console }) => {
  console.expectStatus(404, '/nowhere');
  await page.goto('/nowhere');
  await hydrated(page);
  await expectAccessible(page);
});

test('a refused login', async ({ page, user, console }) => {
  console.expectStatus(401, '/login');
  const login = new LoginPage(page);
  await login.open();
  await login.submit({ ...user, password: newUser().password });
  await expect(login.alert).toBeVisible();
  await expectAccessible(page);
});

test('a refused registration', async ({ page, console }) => {
  console.expectStatus(400, '/api/register');
  const register = new RegisterPage(page);
  await register.open();
  await register.submit({ username: 'two words', password: 'short' });
  await expect(register.password).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(page);
});

test('/, signed in to all', async ({ signedInToAll, page }) => {
  await signedInToAll();
  await expectAccessible(page);
});

test('/logout, signed in to all', async ({ signedInToAll, page }) => {
  await (await signedInToAll()).follow('Log out');
  await expect(page).toHaveURL(/\/logout$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Log out');
  await expectAccessible(page);
});

for (const mode of cookieModes) {
  test(`/admin, refused by ${mode.name}`, async ({ signedIn, page, console }) => {
    console.expectStatus(403, AdminPage.path(mode));
    await signedIn(mode);
    await page.goto(AdminPage.path(mode));
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Not allowed');
    await expectAccessible(page);
  });
}

for (const mode of modes) {
  test(`/me, signed in by ${mode.name}`, async ({ signedIn, page }) => {
    await (await signedIn(mode)).openMe(mode);
    await new MePage(page).expectSignedIn(mode);
    await expectAccessible(page);
  });

  if (mode.transport === 'bearer') {
    test(`/me, with the token shown, signed in by ${mode.name}`, async ({ signedIn, page }) => {
      await (await signedIn(mode)).openMe(mode);
      const me = new MePage(page);
      await me.showToken.click();
      await expect(me.token).toBeVisible();
      await expectAccessible(page);
    });
  }

  test(`/account, signed in by ${mode.name}`, async ({ signedIn, page, api, user }) => {
    const home = await signedIn(mode);
    await Promise.all(modes.map((other) => api.login(other, user)));
    await home.openAccount(mode);
    await expect(new AccountPage(page).rows.first()).toBeVisible();
    await expectAccessible(page);
  });

  test(`/account, with a refused password, signed in by ${mode.name}`, async ({ signedIn, page, console }) => {
    console.expectStatus(400, '/credentials/end-others');
    await (await signedIn(mode)).openAccount(mode);
    const account = new AccountPage(page);
    await account.endOthers(newUser().password);
    await expect(account.password).toHaveAttribute('aria-invalid', 'true');
    await expectAccessible(page);
  });

  test(`/account/activity, signed in by ${mode.name}`, async ({ signedIn, page }) => {
    await (await signedIn(mode)).openAccount(mode);
    await new AccountPage(page).activity.click();
    await expect(new ActivityPage(page).rows.first()).toBeVisible();
    await expectAccessible(page);
  });

  test(`/admin, signed in by ${mode.name}`, ownServer, async ({ signedInAs, server, page }) => {
    await (await signedInAs(mode, demoAdmin(server))).openAccount(mode);
    await new AccountPage(page).allAccounts.click();
    const accounts = new AdminPage(page);
    await expect(accounts.table).toBeVisible();
    await expectAccessible(page);
    await accounts.activity.click();
    await expect(new ActivityPage(page).rows.first()).toBeVisible();
    await expectAccessible(page);
  });

  // part: comparison, begin
  test(`/rotation, with the verdicts of ${mode.name}`, async ({ signedIn, page }) => {
    await (await signedIn(mode)).follow('Rotation');
    const region = new RotationPage(page).region(mode);
    await region.rotateAndTry.click();
    await expect(region.generation).toHaveText('2');
    await expectAccessible(page);
  });
  // part: comparison, end
}
