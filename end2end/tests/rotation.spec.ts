// part: comparison
import { expect, test } from '../fixtures.ts';
import { RotationPage } from '../pages/rotation-page.ts';
import { modes, renewingModes } from '../support/modes.ts';

for (const mode of modes) {
  test(`${mode.name}: the verdicts on a predecessor are true`, async ({ signedIn, page, wire, api }) => {
    const home = await signedIn(mode);
    await home.follow('Rotation');
    const region = new RotationPage(page).region(mode);
    const old = await wire.credential(mode);

    await region.rotateAndTry.click();
    await expect(region.chain.getByRole('listitem').filter({ hasText: 'Generation 1' })).toBeVisible();
    await expect(region.chain.getByRole('listitem').filter({ hasText: 'Generation 2' }).first()).toBeVisible();
    await expect(region.generation).toHaveText('2');

    // The verdicts on the page must match the answers to a copy of the same requests.
    const said = await region.verdicts();
    expect(await api.present(mode, old, 'me')).toBe(said.signIn);
    expect(await api.present(mode, { ...old, ...wire.idempotencyKey(mode) }, 'rotate')).toBe(said.rotate);
  });

  test(`${mode.name}: the successor works, and can be rotated again`, async ({ signedIn, page, wire, api }) => {
    const home = await signedIn(mode);
    await home.follow('Rotation');
    const region = new RotationPage(page).region(mode);
    for (const generation of ['2', '3']) {
      await region.rotateAndTry.click();
      await expect(region.generation).toHaveText(generation);
    }
    await home.follow('Home');
    await expect(home.region(mode).generation).toHaveText('3');
    await home.openMe(mode); // shows the credential once more, so that the wire has the newest
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Signed in with ${mode.name}`);
    expect(await api.present(mode, await wire.credential(mode))).toBe('accepted');
  });

  test(`${mode.name}: signed out, there is nothing to rotate`, async ({ page }) => {
    const rotation = new RotationPage(page);
    await rotation.open();
    const region = rotation.region(mode);
    await region.expectState('signed-out');
    await expect(region.rotateAndTry).toBeHidden();
  });
}

for (const mode of renewingModes) {
  test(`${mode.name}: a retry is shown with the server's grace, and without a date`, async ({ signedIn, page }) => {
    const home = await signedIn(mode);
    await home.follow('Rotation');
    const region = new RotationPage(page).region(mode);
    await region.rotateAndTry.click();
    await expect(region.rotateVerdict).toHaveText(
      'Rotating with the old refresh token: accepted as a retry, within the grace of 10 s. After it, the server treats a second use as theft.',
    );
    await expect(region.replayLater).toBeDisabled();
  });

  test(`${mode.name}: the wait for a replay is at most the grace`, async ({ signedIn, page }) => {
    const home = await signedIn(mode);
    await home.follow('Rotation');
    const region = new RotationPage(page).region(mode);
    await region.rotateAndTry.click();
    await expect(region.replayWait).toHaveText(/Possible in ([1-9]|10) s, after the grace: it ends the sign-in\.$/);
  });
}

for (const mode of modes.filter((mode) => mode.remembers && !mode.renews_silently)) {
  test(`${mode.name}: a plain refusal ends no sign-in, and there is nothing to replay`, async ({ signedIn, page }) => {
    const home = await signedIn(mode);
    await home.follow('Rotation');
    const region = new RotationPage(page).region(mode);
    await region.rotateAndTry.click();
    await expect(region.rotateVerdict).toHaveText(
      'Rotating generation 1 again: refused. A newer credential has replaced this one. The sign-in goes on.',
    );
    await expect(region.rotateVerdict).toHaveAttribute('data-verdict', 'refused');
    await expect(region.replayWait).toHaveCount(0);
    await region.expectState('signed-in');
  });
}
