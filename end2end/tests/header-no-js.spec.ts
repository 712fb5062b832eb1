import type { Page } from '@playwright/test';

import { expect, test } from '../fixtures.ts';
import { LoginPage } from '../pages/login-page.ts';
import { HomePage } from '../pages/home-page.ts';
import { MePage } from '../pages/me-page.ts';
import type { User } from '../support/api.ts';
import { cookieModes, modes, type Mode } from '../support/modes.ts';

// Runs in the projects without JavaScript. Do not wait for hydration here: it never happens.

async function logIn(page: Page, mode: Mode, user: User): Promise<MePage> {
  await page.goto(LoginPage.path({ mode }));
  await new LoginPage(page).submit(user);
  const me = new MePage(page);
  await me.expectSignedIn(mode);
  return me;
}

test('names no user to a visitor, and offers no logout', async ({ page }) => {
  await page.goto('/');
  const home = new HomePage(page);
  await expect(home.link('Log in')).toBeVisible();
  await expect(home.signedInAs).toHaveCount(0);
  await expect(home.link('Log out')).toBeHidden();
});

test('counts the cookie modes, which are what the server knows', async ({ page, user }) => {
  for (const [index, mode] of cookieModes.entries()) {
    const me = await logIn(page, mode, user);
    await expect(me.signedInAs).toHaveAccessibleName(`Signed in: ${user.username} · ${index + 1} of ${modes.length} modes`);
    await expect(me.link('Log out')).toBeVisible();
  }
});

for (const mode of cookieModes) {
  test(`${mode.name}: a logout removes the user and the logout from the header`, async ({ page, user }) => {
    const me = await logIn(page, mode, user);
    await me.logOut.click();
    await expect(page).toHaveURL(/\/logout\?/);
    await expect(me.signedInAs).toHaveCount(0);
    await expect(me.link('Log out')).toBeHidden();
    await expect(me.link('Log in')).toBeVisible();
  });
}
