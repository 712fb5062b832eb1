import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

/** The server that `make release` builds. */
export const releasePath = join(root, 'target', 'release', 'server');

/** The server under test: LATCHKEY_SERVER, or the debug build of this checkout. */
export function serverPath(): string {
  const set = process.env['LATCHKEY_SERVER'];
  const path = set ? resolve(set) : join(root, 'target', 'debug', 'server');
  if (!existsSync(path)) throw new Error(`No server at ${path}. Build one: cargo build --package server, or make release`);
  return path;
}
