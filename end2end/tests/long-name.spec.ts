import { randomUUID } from 'node:crypto';

import type { Page } from '@playwright/test';

import { expect, test as base } from '../fixtures.ts';
import { AccountPage } from '../pages/account-page.ts';
import { ActivityPage } from '../pages/activity-page.ts';
import { AdminPage } from '../pages/admin-page.ts';
import { HomePage } from '../pages/home-page.ts';
import { LoginPage } from '../pages/login-page.ts';
import { LogoutPage } from '../pages/logout-page.ts';
import { MePage } from '../pages/me-page.ts';
import { newUser, type User } from '../support/api.ts';
import { demoAdmin } from '../support/demo.ts';
import { cookieModes, modes } from '../support/modes.ts';
import { ownServer } from '../support/own-server.ts';
import { pixelsTooWide } from '../support/overflow.ts';

/** The longest name, of the widest letter, without a place to break the line. It sorts first in the list of accounts. */
const longest = (): string => `0${randomUUID().slice(0, 7)}`.padEnd(64, 'w');

const test = base.extend<{ user: User }>({
  user: async ({ api }, use) => use(await api.register({ ...newUser(), username: longest() })),
});

const wide = { width: 1440, height: 900 };
const narrow = { width: 390, height: 844 };

test.use({ viewport: narrow });

/** Checks a page that shows the name. */
async function expectToFit(page: Page, user: User): Promise<void> {
  await expect(page.getByRole('main')).toContainText(user.username);
  await expectNothingCutOff(page);
}

async function expectNothingCutOff(page: Page): Promise<void> {
  for (const size of [wide, narrow]) {
    await page.setViewportSize(size);
    const where = `${page.url()}, ${size.width} wide`;
    expect(await pixelsTooWide(page), `pixels too wide: ${where}`).toBeLessThanOrEqual(0);
    const clipped = await page.getByRole('main').evaluate((main) =>
      [...main.querySelectorAll('section, tbody tr, p, dl, form')]
        .filter((element) => element.getBoundingClientRect().right > window.innerWidth)
        .map((element) => element.outerHTML.slice(0, 120)),
    );
    expect(clipped, `cut off at the right: ${where}`).toEqual([]);
  }
}

test('the longest name fits on the pages for all modes', async ({ signedInToAll, page, user }) => {
  const home = await signedInToAll();
  await expect(home.status).toContainText(user.username); // part: comparison
  await expectToFit(page, user);
  await home.follow('Log out');
  await expect(new LogoutPage(page).heading).toHaveText('Log out');
  await expectToFit(page, user);
  // A page load ends a sign-in by a token in memory.
  if (cookieModes.length === 0) return;
  await new LoginPage(page).open();
  await expectToFit(page, user);
});

for (const mode of modes) {
  test(`${mode.name}: the longest name fits on the pages of its user`, async ({ signedIn, page, user }) => {
    await (await signedIn(mode)).openMe(mode);
    await new MePage(page).expectSignedIn(mode);
    await expectToFit(page, user);
    await new MePage(page).follow('Home');
    await new HomePage(page).openAccount(mode);
    await new AccountPage(page).expectRecognisedBy(mode);
    await expectToFit(page, user);
    await new AccountPage(page).activity.click();
    await expect(new ActivityPage(page).events('login', 'done')).toContainText(mode.name);
    await expectNothingCutOff(page);
  });

  test(`${mode.name}: the longest name fits on the pages of an administrator`, ownServer, async ({ signedInAs, server, page, user }) => {
    await (await signedInAs(mode, demoAdmin(server))).openAccount(mode);
    await new AccountPage(page).allAccounts.click();
    const accounts = new AdminPage(page);
    await accounts.change(user.username, 'End sign-ins');
    await expect(accounts.status).toContainText(user.username);
    await expectToFit(page, user);
    await accounts.activity.click();
    await expect(new ActivityPage(page).events('register', 'done').filter({ hasText: user.username })).toBeVisible();
    await expectToFit(page, user);
  });
}
