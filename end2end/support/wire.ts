import type { BrowserContext, Request } from '@playwright/test';

import type { Credential } from './api.ts';
import type { Mode } from './modes.ts';

/** Listens to what the pages of one browser send, as somebody on the way (or a developer tool) would. */
export class Wire {
  private readonly requests: Request[] = [];

  constructor(private readonly context: BrowserContext) {
    context.on('request', (request) => this.requests.push(request));
  }

  /** What this browser shows at present to be recognised by `mode`: a copy of it is what a thief would have. */
  async credential(mode: Mode): Promise<Credential> {
    const cookie = (await this.context.cookies()).find(({ name }) => name === mode.cookie);
    const authorization = this.to(mode).findLast((request) => request.headers()['authorization'])?.headers()['authorization'];
    return { ...(cookie && { cookie: `${cookie.name}=${cookie.value}` }), ...(authorization && { authorization }) };
  }

  /** How often the pages asked for a rotation. */
  rotations(mode: Mode): number {
    return this.to(mode).filter((request) => request.method() === 'POST' && request.url().endsWith('/rotate')).length;
  }

  private to(mode: Mode): Request[] {
    return this.requests.filter((request) => new URL(request.url()).pathname.startsWith(`/api/${mode.id}/`));
  }
}
