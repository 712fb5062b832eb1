import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

/** The server under test: LATCHKEY_SERVER, or the release build of this checkout, or its debug build. */
export function serverPath(): string {
  const candidates = process.env['LATCHKEY_SERVER']
    ? [process.env['LATCHKEY_SERVER']]
    : ['release', 'debug'].map((profile) => join(root, 'target', profile, 'server'));
  const found = candidates.find((path) => existsSync(path));
  if (!found) throw new Error(`No server at ${candidates.join(' or ')}. Build one: cargo leptos build --release`);
  return found;
}
