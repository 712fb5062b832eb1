import type { Page } from '@playwright/test';

import { expect, test } from '../fixtures.ts';
import { HomePage } from '../pages/home-page.ts';
import { hydrated } from '../pages/layout.ts';
import { LoginPage } from '../pages/login-page.ts'; // part: comparison
import { modes } from '../support/modes.ts';

const all = modes.length; // part: comparison

test('names no user to a visitor, and offers no logout', async ({ page }) => {
  const home = new HomePage(page);
  await home.open();
  await expect(home.signedInAs).toHaveCount(0);
  await expect(home.link('Log in')).toBeVisible();
  await expect(home.link('Register')).toBeVisible();
  await expect(home.link('Log out')).toBeHidden();
});

for (const mode of modes) {
  test(`${mode.name}: names the user, until the logout`, async ({ signedIn, page, user }) => {
    const home = await signedIn(mode);
    await expect(home.signedInAs).toHaveAccessibleName(`Signed in: ${user.username} · 1 of ${all} modes`); // part: comparison
    // one mode: await expect(home.signedInAs).toHaveAccessibleName(`Signed in: ${user.username}`);
    await expect(home.signedInAs).toHaveAttribute('title', user.username);
    await expect(home.link('Log out')).toBeVisible();
    await home.signedInAs.click();
    await expect(page).toHaveURL(`/me/${mode.id}`);
    await home.follow('Home');
    await home.region(mode).button('Log out').click();
    await expect(home.signedInAs).toHaveCount(0);
    await expect(home.link('Log out')).toBeHidden();
    await expect(home.link('Log in')).toBeVisible();
  });
}

test('offers no login where every mode is signed in', async ({ signedInToAll, user }) => {
  const home = await signedInToAll();
  await expect(home.signedInAs).toContainText(user.username);
  await expect(home.signedInAs).toHaveAccessibleName(`Signed in: ${user.username} · ${all} of ${all} modes`); // part: comparison
  await expect(home.link('Log in')).toBeHidden();
  await expect(home.link('Register')).toBeHidden();
});

const [first, second] = modes; // part: comparison
// part: comparison, begin
if (first && second) {
  test('counts the accounts if they differ', async ({ signedIn, page, api, user }) => {
    const home = await signedIn(first);
    const other = await api.register();
    await home.region(second).link(`Log in (${second.name})`).click();
    await new LoginPage(page).submit(other);
    await expect(home.signedInAs).toHaveAccessibleName(`Signed in: 2 accounts · 2 of ${all} modes`);
    await expect(home.signedInAs).toHaveAttribute('title', `${user.username}, ${other.username}`);
  });
}
// part: comparison, end

test('a page that does not exist offers neither a login nor a logout, because it knows no sign-in', async ({ page, console }) => {
  console.expectStatus(404, '/nowhere');
  const home = new HomePage(page);
  await page.goto('/nowhere');
  await hydrated(page);
  for (const link of ['Log in', 'Register', 'Log out'] as const) await expect(home.link(link)).toBeHidden();
  await home.follow('Home');
  await expect(page).toHaveURL('/');
  await expect(home.link('Log in'), 'now it is known').toBeVisible();
});

test('a wide screen has the user and the logout side by side, at the right end', async ({ signedInToAll, page }) => {
  const home = await signedInToAll();
  for (const width of [1024, 1440]) {
    await page.setViewportSize({ width, height: 800 });
    const [user, logout] = [await home.signedInAs.boundingBox(), await home.link('Log out').boundingBox()];
    if (!user || !logout) throw new Error('not shown');
    expect(logout.x - (user.x + user.width), 'pixels between them').toBeLessThan(24);
    expect(width - (logout.x + logout.width), 'pixels at the right').toBeLessThanOrEqual(Math.max(32, (width - 1280) / 2 + 32));
  }
});

/** The place of each visible link of the header, and the end of the header. */
async function places(page: Page): Promise<Record<string, number[]>> {
  return page.getByRole('banner').evaluate((header) => {
    const links = [...header.querySelectorAll('nav a')].filter((link) => link.checkVisibility());
    const place = (element: Element) => [element.getBoundingClientRect().left, element.getBoundingClientRect().top].map(Math.round);
    return {
      ...Object.fromEntries(links.map((link) => [link.textContent, place(link)])),
      end: [Math.round(header.getBoundingClientRect().bottom)],
    };
  });
}

for (const width of [390, 768, 1280]) {
  for (const which of ['all modes', ...modes.map(({ name }) => name)]) {
    test(`${which}: nothing in the header moves when the page learns who is signed in, ${width} px wide`, async ({ signedIn, signedInToAll, page }) => {
      const mode = modes.find(({ name }) => name === which);
      const home = await (mode ? signedIn(mode) : signedInToAll());
      await page.setViewportSize({ width, height: 800 });
      let release = (): void => {};
      const held = new Promise<void>((resolve) => (release = resolve));
      await page.route('**/*.wasm', async (route) => {
        await held;
        await route.continue();
      });
      await page.reload({ waitUntil: 'commit' });
      await expect(home.link('API')).toBeVisible();
      // A browser paints nothing before it has the style sheet, but a script can measure the page without it.
      await page.waitForFunction(() => document.styleSheets.length > 0);
      await expect(page.locator('html')).not.toHaveAttribute('data-hydrated');
      const before = await places(page);
      release();
      await hydrated(page);
      for (const each of modes) await expect(home.region(each).root).not.toHaveAttribute('data-state', 'unknown');
      const after = await places(page);
      const kept = Object.entries(after).filter(([name]) => name in before);
      expect(kept.length).toBeGreaterThan(4);
      for (const [name, place] of kept) expect(before[name], name).toEqual(place);
    });
  }
}
