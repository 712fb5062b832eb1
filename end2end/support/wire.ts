import type { BrowserContext, Request } from '@playwright/test';

import type { Credential } from './api.ts';
import type { Mode } from './modes.ts';

/** Records the requests of all pages of one browser. */
export class Wire {
  private readonly requests: Request[] = [];
  /** The rotations with their cookies, which are known a moment later, unless the page is closed before. */
  private readonly rotated: Promise<{ request: Request; headers: Record<string, string> }>[] = [];

  constructor(private readonly context: BrowserContext) {
    context.on('request', (request) => {
      this.requests.push(request);
      if (!request.url().endsWith('/rotate')) return;
      const headers = request.allHeaders().catch((): Record<string, string> => ({}));
      this.rotated.push(headers.then((headers) => ({ request, headers })));
    });
  }

  /** This browser's current credential of `mode`, as a thief could copy it. */
  async credential(mode: Mode): Promise<Credential> {
    const cookie = (await this.context.cookies()).find(({ name }) => name === mode.cookie);
    const authorization = this.to(mode).findLast((request) => request.headers()['authorization'])?.headers()['authorization'];
    return { ...(cookie && { cookie: `${cookie.name}=${cookie.value}` }), ...(authorization && { authorization }) };
  }

  /** The number of rotations that the pages asked for since their last login. */
  rotations(mode: Mode): number {
    const posted = this.to(mode).filter((request) => request.method() === 'POST');
    const login = posted.findLastIndex((request) => request.url().endsWith('/login'));
    return posted.slice(login + 1).filter((request) => request.url().endsWith('/rotate')).length;
  }

  /**
   * The last `Idempotency-Key` that the pages sent. It tells a repeated rotation from one by another client. It is sent
   * beside a credential and is none itself.
   */
  idempotencyKey(mode: Mode): Pick<Credential, 'idempotency-key'> {
    const key = this.to(mode).findLast((request) => request.headers()['idempotency-key'])?.headers()['idempotency-key'];
    return key ? { 'idempotency-key': key } : {};
  }

  /** For each refresh cookie that the pages rotated: the keys sent with it. */
  async keysOfRotations(mode: Mode): Promise<string[][]> {
    const keys = new Map<string, Set<string>>();
    for (const { request, headers } of await Promise.all(this.rotated)) {
      if (!request.url().endsWith(`/api/${mode.id}/rotate`)) continue;
      const cookie = (headers['cookie'] ?? '').split('; ').find((pair) => pair.startsWith(`${mode.cookie}=`));
      if (cookie) keys.set(cookie, (keys.get(cookie) ?? new Set()).add(headers['idempotency-key'] ?? 'no key'));
    }
    return [...keys.values()].map((each) => [...each]);
  }

  private to(mode: Mode): Request[] {
    return this.requests.filter((request) => new URL(request.url()).pathname.startsWith(`/api/${mode.id}/`));
  }
}
