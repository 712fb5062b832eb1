import type { BrowserContext, Request } from '@playwright/test';

import type { Credential } from './api.ts';
import type { Mode } from './modes.ts';

/** Listens to what the pages of one browser send, as somebody on the way (or a developer tool) would. */
export class Wire {
  private readonly requests: Request[] = [];
  /** With their cookies, which are known a moment later. A page that is closed by then takes them along. */
  private readonly rotated: Promise<{ request: Request; headers: Record<string, string> }>[] = [];

  constructor(private readonly context: BrowserContext) {
    context.on('request', (request) => {
      this.requests.push(request);
      if (!request.url().endsWith('/rotate')) return;
      const headers = request.allHeaders().catch((): Record<string, string> => ({}));
      this.rotated.push(headers.then((headers) => ({ request, headers })));
    });
  }

  /** What this browser shows at present to be recognised by `mode`: a copy of it is what a thief would have. */
  async credential(mode: Mode): Promise<Credential> {
    const cookie = (await this.context.cookies()).find(({ name }) => name === mode.cookie);
    const authorization = this.to(mode).findLast((request) => request.headers()['authorization'])?.headers()['authorization'];
    return { ...(cookie && { cookie: `${cookie.name}=${cookie.value}` }), ...(authorization && { authorization }) };
  }

  /** How often the pages asked for a rotation since their last login. */
  rotations(mode: Mode): number {
    const posted = this.to(mode).filter((request) => request.method() === 'POST');
    const login = posted.findLastIndex((request) => request.url().endsWith('/login'));
    return posted.slice(login + 1).filter((request) => request.url().endsWith('/rotate')).length;
  }

  /**
   * The key that the pages showed last, by which the server knows a repeated rotation from a second caller. It is no credential:
   * it goes with one.
   */
  idempotencyKey(mode: Mode): Pick<Credential, 'idempotency-key'> {
    const key = this.to(mode).findLast((request) => request.headers()['idempotency-key'])?.headers()['idempotency-key'];
    return key ? { 'idempotency-key': key } : {};
  }

  /** The keys that went with each refresh cookie of which the pages asked for a rotation. */
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
