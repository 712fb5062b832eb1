// part: comparison
import { expect, test } from '../fixtures.ts';
import { RotationPage } from '../pages/rotation-page.ts';
import { modes } from '../support/modes.ts';
import { ownServer } from '../support/own-server.ts';
import { strict } from '../support/settings.ts';

test.use({ settings: strict });

for (const mode of modes.filter(({ remembers }) => remembers)) {
  test(`${mode.name}: where a second use is a theft, the trial says so and a replay proves it`, ownServer, async ({ signedIn, page, console }) => {
    console.expectStatus(401, `/api/${mode.id}/`);
    const home = await signedIn(mode);
    await home.follow('Rotation');
    const region = new RotationPage(page).region(mode);
    await region.rotateAndTry.click();
    await expect(region.rotateVerdict).toHaveAttribute('data-verdict', 'ended');
    await expect(region.rotateVerdict).toContainText('refused as theft');
    await expect(region.rotateVerdict).toContainText('A real second use ends the sign-in.');
    await region.expectState('signed-in');

    await region.button('Replay it').click();
    await expect(region.replayed).toContainText('The server ended this sign-in: a replaced ');
    await expect(region.afterwards).toContainText('refused');
    await region.expectState('signed-out');
    await expect(region.root).toContainText('used again. It may have been stolen');
  });
}
