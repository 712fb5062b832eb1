import type { User } from './api.ts';
import type { Server } from './server.ts';

/** The administrator whose password the server prints as it starts, where it makes demo users. */
export function demoAdmin(server: Pick<Server, 'log'>): User {
  for (const line of server.log) {
    const [, username, password] = /^demo user (\S+) \(admin\), password: (.+)$/.exec(line) ?? [];
    if (username && password) return { username, password };
  }
  throw new Error('The server has printed no demo administrator.');
}
