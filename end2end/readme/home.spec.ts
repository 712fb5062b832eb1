import { join } from 'node:path';

import { test } from '../fixtures.ts';
import { HomePage } from '../pages/home-page.ts';
import { newUser } from '../support/api.ts';
import { root } from '../support/server-path.ts';

test('the home page, signed in to all modes', async ({ page, api }) => {
  await page.setViewportSize({ width: 1440, height: 1080 });
  const home = new HomePage(page);
  await home.open();
  await home.logInToAll(await api.register({ ...newUser(), username: 'ada' }));
  await home.dismiss.click();
  await page.screenshot({ path: join(root, 'docs', 'screenshot.png') });
});
