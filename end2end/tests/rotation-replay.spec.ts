// part: comparison
import { expect, test } from '../fixtures.ts';
import { RotationPage } from '../pages/rotation-page.ts';
import { renewingModes } from '../support/modes.ts';
import { ownServer } from '../support/own-server.ts';
import { shortGrace } from '../support/settings.ts';

test.use({ settings: shortGrace });

for (const mode of renewingModes) {
  test(`${mode.name}: a replay after the grace ends the sign-in, and the page says so`, ownServer, async ({ signedIn, page, console }) => {
    console.expectStatus(401, `/api/${mode.id}/`);
    const home = await signedIn(mode);
    await home.follow('Rotation');
    const rotation = new RotationPage(page);
    const region = rotation.region(mode);
    await region.rotateAndTry.click();
    await expect(region.rotateVerdict).toContainText('accepted as a retry, within the grace of 3 s.');
    await expect(region.replayWait).toContainText('Possible in ');
    await expect(region.replayLater).toBeDisabled();

    await expect(region.replay).toBeEnabled();
    await expect(region.replayWait).toContainText('Uses the old refresh token again');
    await expect(region.replayWait).toContainText('The grace is over: this ends the sign-in.');
    await region.replay.click();
    await expect(region.replayed).toContainText('The server ended this sign-in: a replaced refresh token was used again.');
    await expect(region.replayed).toHaveAttribute('data-verdict', 'ended');
    await region.expectState('signed-out');
    await expect(region.root).toContainText('It may have been stolen');
  });

  test(`${mode.name}: the end by a replay is reported once, by an alert that takes the focus`, ownServer, async ({ signedIn, page, console }) => {
    console.expectStatus(401, `/api/${mode.id}/`);
    const home = await signedIn(mode);
    await home.follow('Rotation');
    const rotation = new RotationPage(page);
    const region = rotation.region(mode);
    await region.rotateAndTry.click();
    await region.replay.click();
    await region.expectState('signed-out');
    await expect(rotation.alert).toHaveCount(1);
    await expect(rotation.alert).toBeFocused();
    await expect(rotation.main.getByText('used again')).toHaveCount(1);
    await expect(rotation.main.getByText('used a second time')).toHaveCount(0);
  });

  test(`${mode.name}: after a replay, the page says what the access token still does`, ownServer, async ({ signedIn, page, wire, api }) => {
    const home = await signedIn(mode);
    await home.follow('Rotation');
    const region = new RotationPage(page).region(mode);
    await region.rotateAndTry.click();
    await expect(region.replay).toBeEnabled();
    await region.replay.click();
    await expect(region.afterwards).toContainText('still accepted until ');
    expect(await api.present(mode, await wire.credential(mode)), 'the page is right').toBe('accepted');
  });

  test(`${mode.name}: the other tab of the victim learns why its sign-in ended`, ownServer, async ({ signedIn, context, page, console }) => {
    console.expectStatus(401, `/api/${mode.id}/`);
    const home = await signedIn(mode);
    const victim = new RotationPage(await context.newPage());
    await victim.open();
    await victim.region(mode).expectState('signed-in');
    await home.follow('Rotation');
    const region = new RotationPage(page).region(mode);
    await region.rotateAndTry.click();
    await expect(region.replay).toBeEnabled();
    await region.replay.click();
    await region.expectState('signed-out');

    await victim.region(mode).rotateAndTry.click();
    await victim.region(mode).expectState('signed-out');
    await expect(victim.region(mode).root).toContainText('used a second time. It may have been stolen');
  });
}
