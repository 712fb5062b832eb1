import { join } from 'node:path';

import { test } from '../fixtures.ts';
import { LabPage } from '../pages/lab-page.ts';
import { root } from '../support/server-path.ts';

const picture = (name: string) => join(root, 'docs', name);

test('the costs and the delays', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  const lab = new LabPage(page);
  await lab.openSandbox();
  for (const action of ['Log in', 'Open /me 100 times', 'Copy the credentials', 'Log out', 'Ask with the copy until it is refused']) {
    await lab.act(action);
  }
  await lab.main.getByRole('region', { name: 'How long the copy worked' }).first().screenshot({ path: picture('lab-delays.png') });
  await lab.main.getByRole('region', { name: 'The comparison' }).first().screenshot({ path: picture('lab-costs.png') });
});
