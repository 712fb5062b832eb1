import { execFileSync } from 'node:child_process';

import { serverPath } from './server-path.ts';

/** What the tests use of the server's `ModeInfo`. */
export interface Mode {
  readonly id: string;
  readonly name: string;
  readonly transport: 'cookie' | 'bearer';
  readonly cookie: string | null;
  readonly renews_silently: boolean;
  readonly client_holds: string;
  readonly server_holds: string;
  readonly request_costs: string;
  readonly ended_by: string;
  readonly choose_when: string;
  readonly often_said: string;
  readonly in_fact: string;
}

/**
 * Every mode of the server under test. No test names one: whoever adds or deletes a mode edits nothing here.
 *
 * Titles are needed before any server runs, so the binary is asked once; the environment hands the answer to the workers.
 */
export const modes: readonly Mode[] = JSON.parse(
  (process.env['LATCHKEY_MODES'] ??= execFileSync(serverPath(), ['print-modes'], { encoding: 'utf8' })),
) as Mode[];

export const cookieModes = modes.filter((mode) => mode.transport === 'cookie');
export const bearerModes = modes.filter((mode) => mode.transport === 'bearer');

/** Bearer modes that a reload does not end: the browser fetches a new credential by an HttpOnly cookie. */
export const renewingModes = bearerModes.filter((mode) => mode.renews_silently);

/** Bearer modes whose only credential is the one that the page holds, wherever the user chose to keep it. */
export const heldModes = bearerModes.filter((mode) => !mode.renews_silently);
