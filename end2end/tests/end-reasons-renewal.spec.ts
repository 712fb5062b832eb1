import { expect, test } from '../fixtures.ts';
import { renewingModes } from '../support/modes.ts';
import { ownServer } from '../support/own-server.ts';
import { shortAccess } from '../support/settings.ts';

test.use({ settings: shortAccess });

for (const mode of renewingModes) {
  test(`${mode.name}: a message about an earlier rotation goes away when a renewal learns of the end`, ownServer, async ({ signedIn, api, user, console }) => {
    console.expectStatus(401, `/api/${mode.id}/rotate`);
    const home = await signedIn(mode);
    await home.region(mode).button('Rotate').click();
    await expect(home.status).toContainText('rotated, now generation');
    const headers = { ...(await api.login(mode, user)) };
    expect((await api.call('POST', `/api/${mode.id}/logout-all`, { headers, body: {} })).status).toBe(204);
    await home.region(mode).expectState('signed-out', { timeout: 15_000 });
    await expect(home.region(mode).root).toContainText('This account was logged out of this mode on every device.');
    await expect(home.status).toBeEmpty();
  });
}
