import { expect, test } from '../fixtures.ts';
import { ApiDocsPage } from '../pages/api-docs-page.ts';
import { HomePage } from '../pages/home-page.ts';
import { operationsOf, readDocument } from '../support/document.ts';

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

test('every page leads to it', async ({ page }) => {
  await new HomePage(page).open();
  await page.getByRole('contentinfo').getByRole('link', { name: 'Its API' }).click();
  await expect(page).toHaveURL(ApiDocsPage.path);
  await expect(new ApiDocsPage(page).operation('login').line).toBeVisible();
});
