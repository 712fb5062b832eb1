import type { User } from './api.ts';
import type { Server } from './server.ts';

/** The demo administrator. The server prints the password when it starts. */
export function demoAdmin(server: Pick<Server, 'log'>): User {
  for (const line of server.log) {
    const [, username, password] = /^demo user (\S+) \(admin\), password: (.+)$/.exec(line) ?? [];
    if (username && password) return { username, password };
  }
  throw new Error('The server has printed no demo administrator.');
}
