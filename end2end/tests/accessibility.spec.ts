import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { expect, test } from '../fixtures.ts';
import { hydrated } from '../pages/layout.ts';
import { ApiDocsPage } from '../pages/api-docs-page.ts';
import { LoginPage } from '../pages/login-page.ts';
import { MePage } from '../pages/me-page.ts';
import { RegisterPage } from '../pages/register-page.ts';
import { RotationPage } from '../pages/rotation-page.ts';
import { newUser } from '../support/api.ts';
import { modes } from '../support/modes.ts';
import { paths } from '../support/paths.ts';

const narrow = { width: 360, height: 740 };
const wide = { width: 1440, height: 900 };

/**
 * The page as it stands, wide and narrow, light and dark: no violations, and nothing to scroll sideways. Colours do not depend
 * on the width, so two of the four combinations show all there is.
 */
async function expectAccessible(page: Page): Promise<void> {
  for (const [size, colorScheme] of [[wide, 'light'], [narrow, 'dark']] as const) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow, `pixels too wide at ${size.width}`).toBeLessThanOrEqual(0);
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .analyze();
    const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => ({ id, html, failureSummary })));
    expect(found, `${colorScheme}, ${size.width} wide`).toEqual([]);
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
  await expectAccessible(page);
});

for (const mode of modes) {
  test(`/me, signed in by ${mode.name}`, async ({ signedIn, page }) => {
    await (await signedIn(mode)).openMe(mode);
    await new MePage(page).expectSignedIn(mode);
    await expectAccessible(page);
  });

  test(`/rotation, with the verdicts of ${mode.name}`, async ({ signedIn, page }) => {
    await (await signedIn(mode)).follow('Rotation');
    const region = new RotationPage(page).region(mode);
    await region.rotateAndTry.click();
    await expect(region.generation).toHaveText('2');
    await expectAccessible(page);
  });
}
