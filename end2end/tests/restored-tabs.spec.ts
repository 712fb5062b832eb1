import type { BrowserContext, Page } from '@playwright/test';

import { expect, test } from '../fixtures.ts';
import { hydrated } from '../pages/layout.ts';
import { ActivityPage } from '../pages/activity-page.ts';
import { HomePage } from '../pages/home-page.ts';
import { LoginPage } from '../pages/login-page.ts';
import { MePage } from '../pages/me-page.ts';
import { newUser } from '../support/api.ts';
import { inFirefox } from '../support/browsers.ts';
import { holdLock, withoutLocks } from '../support/locks.ts';
import { modes, renewingModes } from '../support/modes.ts';

/** Milliseconds. Longer than a page waits for a lock before it continues without it. */
const pastTheLock = { timeout: 20_000 };

/** Opens that many tabs at once, like a browser that restores its windows. */
async function restore(context: BrowserContext, count: number): Promise<HomePage[]> {
  const tabs = await Promise.all(Array.from({ length: count }, () => context.newPage()));
  const homes = tabs.map((tab) => new HomePage(tab));
  await Promise.all(homes.map((home) => home.open()));
  return homes;
}

/** Opens a document of our origin without the app, so it takes no lock itself. */
async function openBystander(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto('/favicon.svg');
  return page;
}

for (const mode of renewingModes) {
  test(`${mode.name}: two reloads in quick succession keep the sign-in`, async ({ signedIn, page, wire, api }) => {
    const home = await signedIn(mode);
    for (let times = 0; times < 3; times += 1) {
      // Leave the first load as soon as it has asked for a renewal, without waiting for the answer.
      const asked = page.waitForRequest(`**/api/${mode.id}/rotate`);
      await page.reload({ waitUntil: 'commit' });
      await asked;
      await home.reload();
      await home.region(mode).expectState('signed-in');
    }
    expect(await api.present(mode, await wire.credential(mode), 'rotate')).toBe('accepted');
  });

  test(`${mode.name}: a reload that loses the answer to its renewal is a retry of the same caller`, async ({ signedIn, page, wire, api }) => {
    const home = await signedIn(mode);
    const path = `**/api/${mode.id}/rotate`;
    let arrive = (): void => {};
    const rotated = new Promise<void>((resolve) => (arrive = resolve));
    await page.route(
      path,
      async (route) => {
        // The server rotates, but the browser never gets the answer.
        const { host, connection, 'content-length': length, ...headers } = await route.request().allHeaders();
        await fetch(route.request().url(), { method: 'POST', headers });
        arrive();
      },
      { times: 1 },
    );
    await page.reload({ waitUntil: 'commit' });
    await rotated;
    const shown = wire.idempotencyKey(mode);
    const retried = page.waitForResponse(path);
    await home.reload();
    expect(await (await retried).headerValue('x-rotation')).toBe('retry');
    expect(await (await retried).request().headerValue('idempotency-key')).toBe(shown['idempotency-key']);
    await home.region(mode).expectState('signed-in');
    expect(await api.present(mode, await wire.credential(mode), 'rotate')).toBe('accepted');
  });

  test(`${mode.name}: a second caller with a used refresh token is no retry`, async ({ signedIn, wire, api }) => {
    const home = await signedIn(mode);
    const used = await wire.credential(mode);
    await home.region(mode).button('Rotate').click();
    await expect(home.region(mode).generation).toHaveText('2');
    expect(await api.present(mode, { ...used, 'idempotency-key': 'another-key-of-32-visible-letters' }, 'rotate')).toBe('refused');
  });

  for (const locks of ['with', 'without'] as const) {
    test(`${mode.name}: ten restored tabs end signed in, ${locks} Web Locks`, locks === 'with' ? inFirefox : {}, async ({ signedIn, context, page, wire, api }) => {
      test.slow(); // ten pages load at once
      if (locks === 'without') await context.addInitScript(withoutLocks);
      await signedIn(mode);
      await page.close(); // and with it the last copy of the access token
      const tabs = await restore(context, 10);
      for (const tab of tabs) await tab.region(mode).expectState('signed-in', pastTheLock);
      const sent = await wire.keysOfRotations(mode);
      expect(sent.length).toBeGreaterThan(0);
      for (const keys of sent) expect(keys, 'the keys that went with one cookie').toHaveLength(1);

      // They share their state, too: the next rotation of any tab reaches all of them.
      const [first, second] = tabs;
      if (!first || !second) throw new Error('no tabs');
      const before = Number(await first.region(mode).generation.innerText());
      await first.region(mode).button('Rotate').click();
      await expect.poll(async () => Number(await second.region(mode).generation.innerText())).toBeGreaterThan(before);
      expect(await api.present(mode, await wire.credential(mode), 'rotate')).toBe('accepted');
    });

    test(`${mode.name}: ten restored tabs that share no storage entry end signed in, ${locks} Web Locks`, async ({ signedIn, context, page, wire, api }) => {
      test.slow(); // ten pages load at once
      if (locks === 'without') await context.addInitScript(withoutLocks);
      await signedIn(mode);
      await page.evaluate(() => localStorage.clear());
      await page.close();
      const tabs = await restore(context, 10);
      for (const tab of tabs) await tab.region(mode).expectState('signed-in', pastTheLock);
      const sent = await wire.keysOfRotations(mode);
      expect(sent.length).toBeGreaterThan(0);
      for (const keys of sent) expect(keys, 'the keys that went with one cookie').toHaveLength(1);
      expect(await api.present(mode, await wire.credential(mode), 'rotate')).toBe('accepted');
    });
  }

  test(`${mode.name}: after eight tabs of its page were opened at once, the activity shows no refused renewal`, async ({ signedIn, context, page }) => {
    test.slow(); // eight pages load at once
    await signedIn(mode);
    await page.close();
    const tabs = await Promise.all(Array.from({ length: 8 }, () => context.newPage()));
    await Promise.all(tabs.map((tab) => new MePage(tab).open(mode)));
    for (const tab of tabs) await expect(new MePage(tab).heading).toHaveText(`Signed in with ${mode.name}`, pastTheLock);

    const activity = new ActivityPage(await context.newPage());
    await activity.page.goto(ActivityPage.path(mode));
    await expect(activity.events('rotate', 'done')).not.toHaveCount(0);
    await expect(activity.events('rotate', 'refused')).toHaveCount(0);
  });

  test(`${mode.name}: without Web Locks, a tab waits for one that renews`, async ({ signedIn, context, page, wire }) => {
    await context.addInitScript(withoutLocks);
    await signedIn(mode);
    await page.close();
    let answer = (): void => {};
    const mayAnswer = new Promise<void>((resolve) => (answer = resolve));
    await context.route(`**/api/${mode.id}/rotate`, async (route) => {
      const response = await route.fetch();
      await mayAnswer;
      await route.fulfill({ response });
    });
    const [first, second] = [new HomePage(await context.newPage()), new HomePage(await context.newPage())];
    const asked = first.page.waitForRequest(`**/api/${mode.id}/rotate`);
    await first.open();
    await asked;
    const bystander = await openBystander(context);
    const heard = (type: string) =>
      bystander.evaluate(
        (type) =>
          new Promise<void>((resolve) => {
            new BroadcastChannel('latchkey').addEventListener('message', ({ data }) => String(data).includes(type) && resolve());
          }),
        `"${type}"`,
      );
    const told = heard('renewing');
    await second.page.clock.install();
    await second.open();
    await told;
    // Longer than a tab without a lock waits if no other tab renews.
    await second.page.clock.fastForward(1_500);
    expect(wire.rotations(mode)).toBe(1);
    answer();
    for (const tab of [first, second]) await tab.region(mode).expectState('signed-in');
    expect(wire.rotations(mode)).toBe(1);
  });

  test(`${mode.name}: an emptied local storage does not hide the refresh cookie`, async ({ signedIn, page }) => {
    const home = await signedIn(mode);
    await page.evaluate(() => localStorage.clear());
    await home.reload();
    await home.region(mode).expectState('signed-in');
  });

  test(`${mode.name}: a visitor who has never logged in asks for no renewal`, async ({ page, wire }) => {
    const home = new HomePage(page);
    await home.open();
    await home.region(mode).expectState('signed-out');
    await home.reload();
    await home.region(mode).expectState('signed-out');
    expect(wire.rotations(mode)).toBe(0);
  });

  for (const stored of ['with what the page stored', 'with an emptied local storage'] as const) {
    test(`${mode.name}: a mistyped first login asks for no renewal, ${stored}`, async ({ page, user, wire, console }) => {
      console.expectStatus(401, `/api/${mode.id}/login`);
      const login = new LoginPage(page);
      await login.open({ mode });
      if (stored === 'with an emptied local storage') await page.evaluate(() => localStorage.clear());
      await login.submit({ ...user, password: newUser().password });
      await expect(login.alert).toHaveText('Wrong username or password.');
      const home = new HomePage(page);
      for (const _ of ['first', 'second']) {
        await home.open();
        await home.region(mode).expectState('signed-out');
      }
      expect(wire.rotations(mode)).toBe(0);
    });
  }

  for (const other of modes.filter((other) => other !== mode)) {
    test(`${mode.name}: after a login with ${other.name}, one page asks for a renewal, and no later one`, async ({ signedIn, page, wire }) => {
      const home = await signedIn(other);
      await page.evaluate(() => localStorage.clear());
      for (const _ of ['first', 'second']) {
        await home.reload();
        await home.region(mode).expectState('signed-out');
      }
      expect(wire.rotations(mode)).toBe(1);
    });
  }

  test(`${mode.name}: a login whose answer the page misses is found by the next page`, async ({ page, user, wire }) => {
    const login = new LoginPage(page);
    await login.open({ mode, next: '/' });
    const home = new HomePage(page);
    let arrive = (): void => {};
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    await page.route(`**/api/${mode.id}/login`, async (route) => {
      // Sets the cookie in the browser. The page is gone before it reads the body.
      await route.fetch();
      arrive();
    });
    await login.submit(user);
    await arrived;
    await page.goto('/');
    await hydrated(page);
    await home.region(mode).expectState('signed-in');
    expect(wire.rotations(mode)).toBe(1);
  });

  test(`${mode.name}: an access token that stays refused is renewed once`, async ({ signedIn, page, wire, console }) => {
    console.expectStatus(401, `/api/${mode.id}/me`);
    const home = await signedIn(mode);
    await page.route(`**/api/${mode.id}/me`, (route) =>
      route.fulfill({ status: 401, json: { detail: 'The credential is not valid.', code: 'token_not_valid', reason: 'revoked' } }),
    );
    await home.openMe(mode);
    await new MePage(page).expectNotSignedIn(mode);
    await home.follow('Home');
    await home.region(mode).expectState('signed-out');
    expect(wire.rotations(mode)).toBe(1);
  });

  test(`${mode.name}: a tab that hangs with the lock does not keep a page from its renewal`, async ({ signedIn, context }) => {
    const home = await signedIn(mode);
    await holdLock(await openBystander(context), mode);
    await home.reload();
    await home.region(mode).expectState('signed-in', pastTheLock);
  });
}

for (const mode of modes) {
  test(`${mode.name}: a tab that hangs with the lock keeps no other from logging in and out`, async ({ context, page, user }) => {
    test.slow(); // each waits for the lock in vain
    await holdLock(await openBystander(context), mode);
    const login = new LoginPage(page);
    await login.open({ mode, next: '/' });
    await login.submit(user);
    const region = new HomePage(page).region(mode);
    await region.expectState('signed-in', pastTheLock);
    await region.button('Log out').click();
    await region.expectState('signed-out', pastTheLock);
  });

  test(`${mode.name}: works in a browser without Web Locks`, async ({ context, signedIn }) => {
    await context.addInitScript(withoutLocks);
    const home = await signedIn(mode);
    await home.region(mode).button('Rotate').click();
    await expect(home.region(mode).generation).toHaveText('2');
    await home.region(mode).button('Log out').click();
    await home.region(mode).expectState('signed-out');
  });
}
