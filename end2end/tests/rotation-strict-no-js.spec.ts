// part: comparison
import { expect, test } from '../fixtures.ts';
import { RotationPage } from '../pages/rotation-page.ts';
import { cookieModes } from '../support/modes.ts';
import { ownServer } from '../support/own-server.ts';
import { strict } from '../support/settings.ts';

test.use({ settings: strict });

for (const mode of cookieModes.filter(({ remembers }) => remembers)) {
  test(`${mode.name}: without JavaScript, a replay ends the sign-in and the page says so`, ownServer, async ({ signedInByForm, page }) => {
    await signedInByForm(mode);
    await page.goto('/rotation');
    const region = new RotationPage(page).region(mode);
    await region.rotateAndTry.click();
    await expect(region.rotateVerdict).toContainText('refused as theft');
    await region.button('Replay it').click();
    await expect(region.replayed).toContainText('The server ended this sign-in: a replaced credential was used again.');
    await expect(region.root).toContainText('used again. It may have been stolen');
  });

  test(`${mode.name}: without JavaScript, a link cannot claim an end that did not happen`, ownServer, async ({ signedInByForm, page }) => {
    await signedInByForm(mode);
    await page.goto(`/rotation?mode=${mode.id}&replayed=1&outcome=ended`);
    const region = new RotationPage(page).region(mode);
    await region.expectState('signed-in');
    await expect(region.replayed).toHaveCount(0);
  });
}
