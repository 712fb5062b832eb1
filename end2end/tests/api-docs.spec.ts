import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect, test as base } from '../fixtures.ts';
import { ApiDocsPage } from '../pages/api-docs-page.ts';
import { HomePage } from '../pages/home-page.ts';
import { operationsOf, readDocument } from '../support/document.ts';
import { modes } from '../support/modes.ts';
import { pixelsTooWide } from '../support/overflow.ts';
import { ownServer } from '../support/own-server.ts';

type Shell = (command: string, environment?: Record<string, string>) => Promise<string>;

const test = base.extend<{ shell: Shell }>({
  /** Runs a command in a directory of its own, and returns what it prints. */
  shell: async ({}, use) => {
    const directory = await mkdtemp(join(tmpdir(), 'latchkey-shell-'));
    await use(async (command, environment) => {
      const env = { ...process.env, ...environment };
      return (await promisify(execFile)('bash', ['-c', command], { cwd: directory, env })).stdout;
    });
    await rm(directory, { recursive: true });
  },
});

const firstLine = (text: string | null) => text?.split(/\r?\n/, 1)[0];

test('the page shows every call of the document', async ({ page, server }) => {
  const docs = new ApiDocsPage(page);
  await docs.open();
  for (const { operationId, method, path, summary } of operationsOf(await readDocument(server.origin))) {
    const { line } = docs.operation(operationId);
    await expect(line).toContainText(method);
    await expect(line).toContainText(path);
    await expect(line).toContainText(summary);
  }
});

test('a call opens by keyboard, and tells each of its answers', async ({ page, server }) => {
  const docs = new ApiDocsPage(page);
  await docs.open();
  const [first] = operationsOf(await readDocument(server.origin));
  if (!first) throw new Error('the document lists no call');
  const { root, line } = docs.operation(first.operationId);
  await line.focus();
  await page.keyboard.press('Enter');
  for (const status of Object.keys(first.responses)) await expect(root.getByText(status, { exact: true })).toBeVisible();
});

test('a body leads to its shape', async ({ page }) => {
  const docs = new ApiDocsPage(page);
  await docs.open();
  const { root, line } = docs.operation('login');
  await line.click();
  await root.getByRole('link', { name: 'Account', exact: true }).click();
  await expect(page).toHaveURL('/api-docs#shape-Account');
  await expect(docs.shape('Account')).toBeInViewport();
});

test('the contents have a link to every call', async ({ page, server }) => {
  const docs = new ApiDocsPage(page);
  await docs.open();
  for (const { operationId, method, path } of operationsOf(await readDocument(server.origin))) {
    const link = docs.contents.locator(`a[href="#${operationId}"]`);
    await expect(link).toContainText(method);
    await expect(link).toContainText(path);
  }
});

test('the contents have a link to every shape', async ({ page }) => {
  const docs = new ApiDocsPage(page);
  await docs.open();
  const names = await docs.main.locator('details[id^="shape-"] > summary').allInnerTexts();
  expect(names).toContain('Account');
  for (const name of names) await expect(docs.contents.locator(`a[href="#shape-${name}"]`)).toHaveText(name);
});

test('a link of the contents leads to its call', async ({ page }) => {
  const docs = new ApiDocsPage(page);
  await docs.open();
  await docs.contents.locator('a[href="#introspect"]').click();
  await expect(page).toHaveURL('/api-docs#introspect');
  await expect(docs.operation('introspect').line).toBeInViewport();
});

test('every call has a command and an example of its answer', async ({ page, server }) => {
  const docs = new ApiDocsPage(page);
  await docs.open();
  for (const { operationId } of operationsOf(await readDocument(server.origin))) {
    const { commands, answers } = docs.operation(operationId);
    await expect(commands.first(), operationId).toContainText(`${server.origin}/`);
    await expect(answers.first(), operationId).toContainText(/^HTTP\/1\.1 2\d\d /);
  }
});

test('the example of a list is one answer with every entry', async ({ page, server }) => {
  const docs = new ApiDocsPage(page);
  await docs.open();
  const call = operationsOf(await readDocument(server.origin)).find(({ path }) => path === '/api/modes');
  const { answers } = docs.operation(call?.operationId ?? 'no call');
  await expect(answers).toHaveCount(1);
  const body = (await answers.textContent())?.split('\n\n')[1] ?? '';
  expect((JSON.parse(body) as { id: string }[]).map(({ id }) => id)).toEqual(modes.map(({ id }) => id));
});

test('the commands of the page get the answers that the page names', ownServer, async ({ page, shell }) => {
  const docs = new ApiDocsPage(page);
  await docs.open();
  const transports = await docs.operation('login').commands.count();
  expect(transports).toBeGreaterThan(0);
  for (let transport = 0; transport < transports; transport++) {
    const environment: Record<string, string> = {};
    for (const call of ['login', 'me', 'rotate', 'me', 'list', 'logout']) {
      const { commands, answers } = docs.operation(call);
      const command = await commands.nth(transport).textContent();
      const printed = await shell(command ?? '', environment);
      expect(firstLine(printed), `${command}\n${printed}`).toBe(firstLine(await answers.first().textContent()));
      const body = printed.split('\r\n\r\n', 2)[1] || '{}';
      const { token, access, refresh } = JSON.parse(body) as { token?: string; access?: string; refresh?: string };
      Object.assign(environment, (token ?? access) && { TOKEN: token ?? access }, refresh && { REFRESH: refresh });
    }
  }
});

test('on a phone, long commands scroll inside of their boxes and the page does not', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const docs = new ApiDocsPage(page);
  await docs.open();
  await docs.main.locator('details').evaluateAll((all) => all.forEach((details) => details.setAttribute('open', '')));
  const { commands } = docs.operation('login');
  expect(await commands.first().evaluate((box) => box.scrollWidth > box.clientWidth)).toBe(true);
  expect(await pixelsTooWide(page)).toBe(0);
});

test('the page is complete after a return to it', async ({ page }) => {
  const docs = new ApiDocsPage(page);
  await docs.open();
  await docs.follow('Home');
  await expect(page).toHaveURL('/');
  await page.goBack();
  await expect(docs.operation('login').line).toBeVisible();
  await expect(docs.contents).toBeVisible();
});

test('every page leads to it', async ({ page }) => {
  const home = new HomePage(page);
  await home.open();
  await home.follow('API');
  await expect(page).toHaveURL(ApiDocsPage.path);
  await expect(new ApiDocsPage(page).operation('login').line).toBeVisible();
});
