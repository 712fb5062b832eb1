import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

/** The server under test: LATCHKEY_SERVER, or the debug build of this checkout. */
export function serverPath(): string {
  const path = process.env['LATCHKEY_SERVER'] ?? join(root, 'target', 'debug', 'server');
  if (!existsSync(path)) throw new Error(`No server at ${path}. Build one: cargo build --package server`);
  return path;
}
