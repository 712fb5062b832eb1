import { randomBytes, randomUUID } from 'node:crypto';

import { modes, type Mode } from './modes.ts';

export interface User {
  readonly username: string;
  readonly password: string;
}

/** The request headers by which the server recognises one device. A thief who copied them could send the same. */
export interface Credential {
  readonly cookie?: string;
  readonly authorization?: string;
  readonly 'idempotency-key'?: string;
}

/** The fields of the server's `CredentialEntry` that the tests use. */
export interface Listed {
  readonly id: string;
  readonly mode: string;
  readonly current: boolean;
}

interface Options {
  readonly body?: object;
  readonly headers?: Record<string, string>;
  readonly origin?: string | null;
}

/** The server's answer to a credential. */
export type Verdict = 'accepted' | 'refused';

const verdicts: Record<number, Verdict> = { 200: 'accepted', 401: 'refused' };

export function newUser(): User {
  return { username: `user-${randomUUID().slice(0, 8)}`, password: randomBytes(18).toString('base64url') };
}

/** A client that is no browser: it stores no cookies, follows no redirects and sends exactly the given credential. */
export class Api {
  constructor(private readonly origin: string) {}

  /** Creates an account. */
  async register(user = newUser()): Promise<User> {
    await this.expect(201, 'POST', '/api/register', { body: user });
    return user;
  }

  /** Signs in like another device, and returns its credential. */
  async login(mode: Mode, user: User): Promise<Credential> {
    return credentialIn(mode, await this.expect(200, 'POST', `/api/${mode.id}/login`, { body: user }));
  }

  /** Replaces a credential so many times. Each time is an event of the account. Returns the last one. */
  async rotate(mode: Mode, credential: Credential, times: number): Promise<Credential> {
    let last = credential;
    for (let time = 0; time < times; time += 1) {
      last = await credentialIn(mode, await this.expect(200, 'POST', `/api/${mode.id}/rotate`, { headers: { ...last } }));
    }
    return last;
  }

  /** The list of the user's sign-ins. */
  async credentials(mode: Mode, credential: Credential): Promise<Listed[]> {
    const response = await this.expect(200, 'GET', `/api/${mode.id}/credentials`, { headers: { ...credential } });
    return (await response.json()) as Listed[];
  }

  /** Sends a credential, to open the protected endpoint or for another rotation. */
  async present(mode: Mode, credential: Credential, to: 'me' | 'rotate' = 'me'): Promise<Verdict> {
    const { status } = await this.call(to === 'me' ? 'GET' : 'POST', `/api/${mode.id}/${to}`, { headers: { ...credential } });
    const verdict = verdicts[status];
    if (!verdict) throw new Error(`${to} by ${mode.name}: ${status} is neither acceptance nor refusal`);
    return verdict;
  }

  /** Ends every sign-in of the user, as another device. */
  async endEverything(mode: Mode, user: User): Promise<void> {
    const credential = await this.login(mode, user);
    await this.expect(204, 'POST', '/api/account/logout-everywhere', { body: { mode: mode.id }, headers: { ...credential } });
  }

  /** Any request. The `Origin` header is our own origin by default; `null` means none. */
  call(method: string, path: string, { body, headers, origin = this.origin }: Options = {}): Promise<Response> {
    return fetch(new URL(path, this.origin), {
      method,
      redirect: 'manual',
      headers: { ...(origin !== null && { origin }), ...(body && { 'content-type': 'application/json' }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  private async expect(status: number, ...request: Parameters<Api['call']>): Promise<Response> {
    const response = await this.call(...request);
    if (response.status === status) return response;
    throw new Error(`${request[0]} ${request[1]}: ${response.status} instead of ${status}: ${await response.text()}`);
  }
}

/** The credential that an answer gives to a client. */
async function credentialIn(mode: Mode, response: Response): Promise<Credential> {
  const body = (await response.json()) as { token?: string; access?: string };
  const bearer = body.token ?? body.access;
  const cookie = response.headers
    .getSetCookie()
    .map((header) => header.split(';', 1)[0])
    .find((pair) => pair?.startsWith(`${mode.cookie}=`));
  return { ...(cookie && { cookie }), ...(bearer && { authorization: `Bearer ${bearer}` }) };
}

/** Signs in on other devices, once with each mode. */
export const elsewhere = (api: Api, user: User) =>
  Promise.all(modes.map(async (mode) => ({ mode, credential: await api.login(mode, user) })));
