import { test as base, expect } from '@playwright/test';

import { HomePage } from './pages/home-page.ts';
import { LoginPage } from './pages/login-page.ts';
import { MePage } from './pages/me-page.ts';
import { Api, type User } from './support/api.ts';
import { Console } from './support/console.ts';
import type { Mode } from './support/modes.ts';
import { Server } from './support/server.ts';
import { Wire } from './support/wire.ts';

export { expect };

interface WorkerFixtures {
  /** Settings of the server. A file that sets them by `test.use` gets its own worker and server. */
  settings: Record<string, string>;
  server: Pick<Server, 'origin' | 'log'>;
}

interface TestFixtures {
  api: Api;
  /** A new account for each test, so that no test sees the sign-ins of another. */
  user: User;
  wire: Wire;
  console: Console;
  /** Signs `user` in with the login form and leaves the page on `/`. A reload may end a bearer sign-in: navigate by links. */
  signedIn: (mode: Mode) => Promise<HomePage>;
  /** The same for another user. */
  signedInAs: (mode: Mode, user: User) => Promise<HomePage>;
  /** Signs `user` in without scripts, which a cookie mode allows, and leaves the page on `/me/{mode}`. */
  signedInByForm: (mode: Mode) => Promise<MePage>;
  /** Signs `user` in to every mode, and leaves the page on `/`. */
  signedInToAll: () => Promise<HomePage>;
  serverLog: void;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  settings: [{}, { option: true, scope: 'worker' }],

  server: [
    async ({ settings }, use) => {
      const running = process.env['BASE_URL'];
      if (running) {
        if (Object.keys(settings).length > 0) throw new Error('A test with settings is tagged with ownServer.');
        return use({ origin: running, log: [] });
      }
      const server = await Server.start(settings);
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  baseURL: ({ server }, use) => use(server.origin),

  api: ({ server }, use) => use(new Api(server.origin)),
  user: async ({ api }, use) => use(await api.register()),
  wire: [({ context }, use) => use(new Wire(context)), { auto: true }],

  console: [
    async ({ context, browserName }, use) => {
      const console = new Console(context, browserName);
      await use(console);
      expect(console.unexpected, 'errors on the console').toEqual([]);
    },
    { auto: true },
  ],

  serverLog: [
    async ({ server }, use, info) => {
      const start = server.log.length;
      await use();
      if (info.status === info.expectedStatus) return;
      await info.attach('server.log', { body: server.log.slice(start).join('\n'), contentType: 'text/plain' });
    },
    { auto: true },
  ],

  signedIn: ({ signedInAs, user }, use) => use((mode) => signedInAs(mode, user)),

  signedInAs: ({ page }, use) =>
    use(async (mode, user) => {
      const login = new LoginPage(page);
      await login.open({ mode, next: '/' });
      await login.submit(user);
      const home = new HomePage(page);
      await home.region(mode).expectState('signed-in');
      return home;
    }),

  signedInByForm: ({ page, user }, use) =>
    use(async (mode) => {
      await page.goto(LoginPage.path({ mode }));
      await new LoginPage(page).submit(user);
      const me = new MePage(page);
      await me.expectSignedIn(mode);
      return me;
    }),

  signedInToAll: ({ page, user }, use) =>
    use(async () => {
      const home = new HomePage(page);
      await home.open();
      await home.logInToAll(user);
      return home;
    }),
});
