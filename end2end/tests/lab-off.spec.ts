// part: comparison
import { expect, test } from '../fixtures.ts';
import { HomePage } from '../pages/home-page.ts';
import { ownServer } from '../support/own-server.ts';

test.use({ settings: { LAB: 'false' } });

test('a server without the lab has no such page, no link to it, and no Server-Timing', ownServer, async ({ page, server }) => {
  const home = new HomePage(page);
  await home.open();
  await expect(home.main.getByRole('link', { name: 'The lab' })).toHaveCount(0);
  const answer = await page.request.get(`${server.origin}/lab`);
  expect(answer.status()).toBe(404);
  expect(answer.headers()).not.toHaveProperty('server-timing');
});
