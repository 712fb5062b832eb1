// part: comparison
import { readFile } from 'node:fs/promises';

import { expect, test } from '../fixtures.ts';
import { HomePage } from '../pages/home-page.ts';
import { type Check, LabPage } from '../pages/lab-page.ts';
import { expectNoViolations } from '../support/axe.ts';
import { modes, type Mode } from '../support/modes.ts';
import { pixelsTooWide } from '../support/overflow.ts';
import { ownServer } from '../support/own-server.ts';

/** The credential has no row of its own that each request must find: the access check decides whether it is compared. */
const isStateless = (mode: Mode) => !mode.remembers || mode.renews_silently;

test.describe('the lab', ownServer, () => {
  test('is linked from the home page', async ({ page }) => {
    const home = new HomePage(page);
    await home.open();
    await home.main.getByRole('link', { name: 'The lab' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'The lab' })).toBeVisible();
  });

  for (const [check, statements] of [['signature', 0], ['account', 1], ['sign-in', 1]] as const) {
    test(`/me costs the statements that the access check ${check} says`, async ({ page }) => {
      const lab = new LabPage(page);
      await lab.openSandbox({ check });
      await lab.act('Log in');
      await lab.act('Open /me');
      for (const mode of modes) {
        const expected = isStateless(mode) ? statements : 1;
        await expect(lab.column(mode).cost, mode.name).toContainText(new RegExp(` ${expected} statements?`));
      }
    });
  }

  /** Without a check of the sign-in, a copy without a row of its own works until it expires; without a row, always. */
  const isDelayed = (mode: Mode, check: Check) => isStateless(mode) && (check !== 'sign-in' || !mode.remembers);
  for (const check of ['signature', 'account', 'sign-in'] as const) {
    test(`a copy is refused at once after a logout, unless nothing is stored or checked: ${check}`, async ({ page }) => {
      test.slow(); // the thief asks some hundred times
      const lab = new LabPage(page);
      await lab.openSandbox({ check });
      for (const action of ['Log in', 'Copy the credentials', 'Log out', 'Ask with the copy until it is refused']) {
        await lab.act(action);
      }
      for (const mode of modes) {
        await expect(lab.delay(mode)).toContainText(isDelayed(mode, check) ? 'worked for' : 'refused at once');
      }
    });
  }

  for (const end of ['Log out everywhere', 'Change the password', 'Disable the account']) {
    test(`no copy works after: ${end}`, async ({ page }) => {
      const lab = new LabPage(page);
      await lab.openSandbox();
      for (const action of ['Log in', 'Copy the credentials', end, 'Ask with the copy until it is refused']) {
        await lab.act(action);
      }
      for (const mode of modes) await expect(lab.delay(mode)).toContainText('refused at once');
    });
  }

  test('tabs that renew at once share one successor, and programs do not', async ({ page }) => {
    const lab = new LabPage(page);
    await lab.openSandbox();
    await lab.act('8 tabs of one browser');
    for (const mode of modes) {
      await expect(lab.race(mode)).toHaveAttribute('data-alive', 'true');
      await expect(lab.race(mode).locator('[data-verdict]')).toHaveCount(8);
      if (mode.renews_silently) await expect(lab.race(mode)).toContainText('1 rotated, 7 the same again; 1 new credential.');
    }
    await lab.act('64 programs');
    for (const mode of modes) {
      await expect(lab.race(mode).locator('[data-verdict]')).toHaveCount(64);
      await expect(lab.race(mode)).toContainText(mode.remembers ? '1 rotated, 63 refused; 1 new credential.' : '64 rotated; 64 new credentials.');
      await expect(lab.race(mode)).toHaveAttribute('data-alive', String(!mode.renews_silently));
    }
  });

  for (const [first, winner] of [['The thief renews first', 'the thief'], ['The owner renews first', 'the owner']] as const) {
    test(`${first}: a refresh token detects it, and without one the first keeps the sign-in`, async ({ page }) => {
      const lab = new LabPage(page);
      await lab.openSandbox();
      await lab.act(first);
      for (const mode of modes) {
        const end = !mode.remembers ? 'both' : mode.renews_silently ? 'neither: the theft was detected' : winner;
        await expect(lab.story(mode).getByRole('cell').last()).toHaveText(end);
      }
    });

    test(`${first}: the strict policy ends every sign-in that has a row`, async ({ page }) => {
      const lab = new LabPage(page);
      await lab.openSandbox({ policy: 'strict' });
      await lab.act(first);
      for (const mode of modes) {
        await expect(lab.story(mode).getByRole('cell').last()).toHaveText(mode.remembers ? 'neither: the theft was detected' : 'both');
      }
    });
  }

  test('each claim of a tutorial is tested, and what is false is called false', async ({ page }) => {
    await new LabPage(page).study('/lab/claims');
    const claims = page.getByRole('article');
    await expect(claims).not.toHaveCount(0);
    const csrf = claims.filter({ hasText: 'A token in localStorage can be vulnerable to CSRF.' });
    if (modes.some((mode) => mode.transport === 'bearer' && !mode.renews_silently)) await expect(csrf).toHaveAttribute('data-verdict', 'False');
    const maximum = claims.filter({ hasText: 'a maximum session time is important' });
    await expect(maximum).toHaveAttribute('data-verdict', 'True');
    await expectNoViolations(page);
    expect(await pixelsTooWide(page)).toBeLessThanOrEqual(0);
  });

  test('each attack has the outcome that its defence gives', async ({ page }) => {
    await new LabPage(page).study('/lab/attacks');
    const cell = (condition: string, mode: Mode) =>
      page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: condition, exact: true }) }).locator(`td[data-mode="${mode.id}"]`);
    for (const mode of modes) {
      const isCookie = mode.transport === 'cookie';
      const outcomes = {
        'A form on another site': 'Stopped',
        'A form on another host of the same site': 'Stopped',
        'A form on another host of the same site; the server does not check Sec-Fetch-Site': mode.cookie === null ? 'Stopped' : 'Succeeds',
        'The cookies are HttpOnly, the token is in memory': isCookie ? 'Contained' : 'Succeeds',
        'The cookies are not HttpOnly': 'Succeeds',
        'The login issues a new credential': isCookie ? 'Stopped' : 'none',
        'One character is changed': 'Stopped',
        'Credentials are stored as hashes, or not at all': 'Stopped',
        'The key is retired after the theft': 'Stopped',
      };
      for (const [condition, outcome] of Object.entries(outcomes)) {
        await expect(cell(condition, mode), `${condition}: ${mode.name}`).toHaveAttribute('data-outcome', outcome);
      }
    }
    await expectNoViolations(page);
    expect(await pixelsTooWide(page)).toBeLessThanOrEqual(0);
  });

  test('a client that knows the expiry of its token saves the refusals', async ({ page }) => {
    await new LabPage(page).study('/lab/strategies');
    if (!modes.some((mode) => mode.renews_silently)) {
      await expect(page.getByText('No mode of this server has a token that a browser renews.')).toBeVisible();
      return;
    }
    const refused = (strategy: string) => page.locator(`tr[data-strategy="${strategy}"] td.number`).nth(1);
    await expect(refused('Ahead')).toHaveText('0');
    await expect(refused('After a refusal')).not.toHaveText('0');
    await expect(page.locator('.lab-hours figure')).toHaveCount(await page.locator('tr[data-strategy]').count());
    await expectNoViolations(page);
    expect(await pixelsTooWide(page)).toBeLessThanOrEqual(0);
  });

  test('four policies for a second use end the sign-ins that they say', async ({ page }) => {
    await new LabPage(page).study('/lab/policies');
    if (!modes.some((mode) => mode.renews_silently)) {
      await expect(page.getByText('No mode of this server has a token that a browser renews.')).toBeVisible();
      return;
    }
    const outcomes = {
      'This server': ['1 rotated, 7 the same again; 1 new credential. The owner is still signed in.', 'neither: the theft was detected', 'neither: the theft was detected'],
      Strict: ['1 rotated, 7 refused; 1 new credential. The sign-in has ended.', 'neither: the theft was detected', 'neither: the theft was detected'],
      Blacklist: ['8 rotated; 8 new credentials. The owner is still signed in.', 'the thief', 'the owner'],
      Siblings: ['8 rotated; 8 new credentials. The owner is still signed in.', 'both', 'both'],
    };
    for (const [policy, [tabs, thiefFirst, ownerFirst]] of Object.entries(outcomes)) {
      const cells = page.locator(`tr[data-policy="${policy}"] td`);
      await expect(cells.nth(1), policy).toHaveText(tabs ?? '');
      await expect(cells.nth(3), policy).toHaveText(thiefFirst ?? '');
      await expect(cells.nth(4), policy).toHaveText(ownerFirst ?? '');
    }
    // The edges of each tree by verdict, and how many of the new credentials can still renew.
    const trees = {
      'This server': [{ rotated: 1, 'the same again': 7, refused: 0 }, '1 of 1'],
      Strict: [{ rotated: 1, 'the same again': 0, refused: 7 }, '0 of 1'],
      Blacklist: [{ rotated: 8, 'the same again': 0, refused: 0 }, '8 of 8'],
      'Blacklist, one after another': [{ rotated: 1, 'the same again': 0, refused: 7 }, '1 of 1'],
      Siblings: [{ rotated: 8, 'the same again': 0, refused: 0 }, '8 of 8'],
    } as const;
    for (const [policy, [edges, working]] of Object.entries(trees)) {
      const tree = page.locator(`.lab-race[data-policy="${policy}"]`);
      for (const [verdict, count] of Object.entries(edges)) {
        await expect(tree.locator(`[data-verdict="${verdict}"]`), `${policy}: ${verdict}`).toHaveCount(count);
      }
      await expect(tree, policy).toContainText(`Working afterwards: ${working}.`);
    }
    await expectNoViolations(page);
    expect(await pixelsTooWide(page)).toBeLessThanOrEqual(0);
  });

  test('the tour ends with three situations, and says what follows from a choice', async ({ page }) => {
    await page.goto('/lab/tour');
    await expect(page.getByRole('region', { name: 'Ten steps' }).getByRole('listitem')).toHaveCount(10);
    const groups = page.getByRole('group');
    await expect(groups).toHaveCount(3);
    const [mode] = modes;
    for (const group of await groups.all()) await group.getByRole('radio', { name: mode?.name ?? '', exact: true }).check();
    await page.getByRole('button', { name: 'What follows?' }).click();
    await expect(page.locator('.lab-answer')).toHaveCount(3);
    await expect(page.locator('.lab-answer').first()).toContainText(`${mode?.name}: `);
    await expect(groups.first().getByRole('radio', { name: mode?.name ?? '', exact: true })).toBeChecked();
    await expectNoViolations(page);
    expect(await pixelsTooWide(page)).toBeLessThanOrEqual(0);
  });

  test('the requests of a sandbox can be saved, without a credential', async ({ page, browser }) => {
    const lab = new LabPage(page);
    await lab.openSandbox();
    await lab.act('Log in');
    await lab.act('Open /me');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Save the requests as HAR' }).click();
    const file = await (await download).path();
    const { log } = JSON.parse(await readFile(file, 'utf8')) as { log: { entries: { request: { url: string }; response: { status: number } }[] } };
    expect(log.entries.map(({ request, response }) => [new URL(request.url).pathname, response.status])).toEqual(
      ['login', 'me'].flatMap((call) => modes.map((mode) => [`/api/${mode.id}/${call}`, 200])),
    );
    const shown = JSON.stringify(log).match(/…#[0-9a-f]{8}/g) ?? [];
    expect(shown.length).toBeGreaterThanOrEqual(modes.length);
    expect(JSON.stringify(log)).not.toMatch(/walnut|lk_[A-Za-z0-9]{8}|eyJ[A-Za-z0-9_-]{8}/);

    // Another program reads the format, too: a browser that gets its answers from the file.
    const reader = await browser.newContext();
    await reader.routeFromHAR(file);
    const answer = await (await reader.newPage()).goto(`https://lab.example/api/${modes[0]?.id}/me`);
    expect(await answer?.json()).toMatchObject({ username: 'alice' });
    await reader.close();
  });

  test('the totals are those of the requests', async ({ page }) => {
    const lab = new LabPage(page);
    await lab.openSandbox();
    await lab.act('Log in');
    await lab.act('Open /me 100 times');
    for (const mode of modes) {
      await expect(lab.cost('/me', mode).getByRole('cell').nth(1)).toHaveText('100');
      await expect(lab.cost('log in', mode).getByRole('cell').nth(1)).toHaveText('1');
      const statements = await lab.cost('/me', mode).getByRole('cell').nth(4).textContent();
      await expect(lab.column(mode).cost).toContainText(` ${statements} statement`);
    }
  });

  test('the diagram names each step of the last exchange', async ({ page }) => {
    const lab = new LabPage(page);
    await lab.openSandbox();
    await lab.act('Log in');
    await lab.act('Open /me');
    for (const mode of modes) {
      const column = lab.column(mode);
      const names = await column.steps.evaluateAll((all) => all.map((step) => step.firstElementChild?.textContent ?? ''));
      const description = `GET /api/${mode.id}/me: ${names.join(', ') || 'no step'}; answer 200`;
      await expect(column.diagram).toHaveAccessibleName(description);
    }
  });

  test('no credential of a sandbox is on its page', async ({ page }) => {
    const lab = new LabPage(page);
    await lab.openSandbox();
    await lab.act('Log in');
    for (const mode of modes) {
      await expect(lab.column(mode).holdings).not.toHaveCount(0);
      for (const holding of await lab.column(mode).holdings.all()) await expect(holding.locator('code').first()).toHaveText(/^.{1,6}…#[0-9a-f]{8}$/);
    }
  });

  test('two browsers do not see each other', async ({ page, browser, server }) => {
    const lab = new LabPage(page);
    await lab.openSandbox();
    await lab.act('Log in');
    const context = await browser.newContext({ baseURL: server.origin });
    const other = new LabPage(await context.newPage());
    await other.openSandbox();
    for (const mode of modes) {
      await expect(other.column(mode).holdings).toHaveCount(0);
      await expect(lab.column(mode).holdings).not.toHaveCount(0);
    }
    await context.close();
  });

  test('the browser shows the cost of each request of the real pages', async ({ page, server }) => {
    const answer = await page.request.get(`${server.origin}/readyz`);
    expect(answer.headers()['server-timing']).toContain('sql;desc="1 statements"');
  });

  test('is accessible and fits, wide and narrow, light and dark', async ({ page }) => {
    const lab = new LabPage(page);
    await lab.openSandbox();
    for (const action of ['Log in', 'Open /me', 'Copy the credentials', 'Log out', 'Ask with the copy until it is refused', '8 programs', 'The thief renews first']) {
      await lab.act(action);
    }
    for (const [size, colorScheme] of [[{ width: 1440, height: 900 }, 'light'], [{ width: 360, height: 740 }, 'dark']] as const) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      expect(await pixelsTooWide(page)).toBeLessThanOrEqual(0);
      await expectNoViolations(page);
    }
  });
});
