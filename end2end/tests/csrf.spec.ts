import { expect, test as base } from '../fixtures.ts';
import { HomePage } from '../pages/home-page.ts';
import { hydrated } from '../pages/layout.ts';
import { MePage } from '../pages/me-page.ts';
import { bearerModes, cookieModes, modes, type Mode } from '../support/modes.ts';
import { EvilSite } from '../support/evil.ts';

const test = base.extend<{ evil: EvilSite }>({
  evil: async ({}, use) => {
    const evil = await EvilSite.start();
    await use(evil);
    await evil.stop();
  },
});

const actions = ({ id }: Mode) => [
  `/api/${id}/logout`,
  `/api/${id}/logout-all`,
  `/api/${id}/rotate`,
  `/api/${id}/credentials/end-others`,
  '/api/account/logout-everywhere',
  '/api/account/password',
];

for (const mode of cookieModes) {
  for (const host of ['localhost', 'evil.localhost'] as const) {
    test(`${mode.name}: a form on another origin (${host}) changes nothing`, async ({ signedIn, page, server, evil, console }) => {
      await signedIn(mode);
      for (const action of actions(mode)) {
        console.expectStatus(403, action);
        await page.goto(evil.page(host, server.origin + action, { mode: mode.id }));
        const answer = page.waitForResponse(server.origin + action);
        await evil.claimPrize(page);
        expect((await answer).status(), action).toBe(403);
        // In Firefox, the next page is interrupted while this one is not there yet.
        await page.waitForURL(server.origin + action);
      }
      const me = new MePage(page);
      await me.open(mode);
      await me.expectSignedIn(mode);
      await expect(me.generation).toHaveText('1');
    });
  }

  test(`${mode.name}: a cookie is refused without an origin, and accepted from ours`, async ({ api, user }) => {
    const credential = await api.login(mode, user);
    const logout = { headers: { ...credential } };
    expect((await api.call('POST', `/api/${mode.id}/logout`, { ...logout, origin: null })).status).toBe(403);
    expect(await api.present(mode, credential)).toBe('accepted');
    expect((await api.call('POST', `/api/${mode.id}/logout`, logout)).status).toBe(204);
  });
}

for (const mode of modes) {
  test(`${mode.name}: another site cannot sign a visitor in as its owner`, async ({ page, user: owner, server, evil, console }) => {
    const action = `/api/${mode.id}/login`;
    console.expectStatus(403, action);
    await page.goto(evil.page('evil.localhost', server.origin + action, { ...owner }));
    const answer = page.waitForResponse(server.origin + action);
    await evil.claimPrize(page);
    if (mode.cookie) {
      expect((await answer).status()).toBe(403);
    } else {
      // A mode without a cookie stores nothing in the browser, so the login may succeed. Wait for the page after it: Firefox
      // reports a load that the next navigation cancels as an error.
      await answer;
      await hydrated(page);
    }
    expect((await page.context().cookies()).map(({ name }) => name)).not.toContain(mode.cookie);
    const home = new HomePage(page);
    await home.open();
    await home.region(mode).expectState('signed-out');
  });
}

for (const mode of bearerModes) {
  test(`${mode.name}: a bearer credential is good from any origin and from none`, async ({ api, user }) => {
    for (const origin of ['http://evil.localhost', null]) {
      const { authorization = '' } = await api.login(mode, user);
      const answer = await api.call('POST', `/api/${mode.id}/logout`, { headers: { authorization }, origin });
      expect(answer.status).toBe(204);
    }
  });
}
