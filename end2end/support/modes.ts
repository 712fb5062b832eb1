import { execFileSync } from 'node:child_process';

import { serverPath } from './server-path.ts';

/** The fields of the server's `ModeInfo` that the tests use. */
export interface Mode {
  readonly id: string;
  readonly name: string;
  readonly transport: 'cookie' | 'bearer';
  readonly cookie: string | null;
  readonly renews_silently: boolean;
  /** The server keeps a row for each sign-in. */
  readonly remembers: boolean;
  readonly client_holds: string;
  readonly server_holds: string;
  readonly request_costs: string;
  readonly ended_by: string;
  readonly injected_script: string;
  readonly other_site: string;
  readonly choose_when: string;
  readonly often_said: string;
  readonly in_fact: string;
}

/**
 * Every mode of the server under test. No test names a mode, so adding or deleting one needs no change here.
 *
 * Test titles need the modes before any server runs, so the binary prints them once; the workers get the output by an
 * environment variable.
 */
export const modes: readonly Mode[] = JSON.parse(
  (process.env['LATCHKEY_MODES'] ??= execFileSync(serverPath(), ['print-modes'], { encoding: 'utf8' })),
) as Mode[];

export const cookieModes = modes.filter((mode) => mode.transport === 'cookie');
export const bearerModes = modes.filter((mode) => mode.transport === 'bearer');

/** Bearer modes that survive a reload: the browser gets a new credential with an HttpOnly cookie. */
export const renewingModes = bearerModes.filter((mode) => mode.renews_silently);

/** Bearer modes whose only credential is the token that the page stores. */
export const heldModes = bearerModes.filter((mode) => !mode.renews_silently);

/** The text of a link to the login of a mode. */
export const logInText = (mode: Mode): string => `Log in (${mode.name})`; // part: comparison
// one mode: export const logInText = (_mode: Mode): string => 'Log in';
