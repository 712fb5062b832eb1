import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Page } from '@playwright/test';

/**
 * An attacker's page. As `localhost` it is another origin of the same site (ports do not count, so its forms send our
 * `SameSite=Lax` cookies); as `evil.localhost` it is another site.
 */
export class EvilSite {
  private constructor(
    private readonly server: Server,
    private readonly port: number,
  ) {}

  static async start(): Promise<EvilSite> {
    const server = createServer((request, response) => {
      const { target, ...fields } = Object.fromEntries(new URL(request.url ?? '/', 'http://any').searchParams);
      const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`);
      response.setHeader('content-type', 'text/html');
      response.end(`<!doctype html><html lang="en"><title>Prizes</title><link rel="icon" href="data:,">
        <form method="post" action="${target}">${inputs.join('')}<button>Claim your prize</button></form>`);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new EvilSite(server, (server.address() as AddressInfo).port);
  }

  /** A page whose only button posts a form with these fields to `target`. */
  page(host: 'localhost' | 'evil.localhost', target: string, fields: Record<string, string> = {}): string {
    return `http://${host}:${this.port}/?${new URLSearchParams({ ...fields, target })}`;
  }

  /** Clicks the button that submits the attacker's form. */
  claimPrize(visitor: Page): Promise<void> {
    return visitor.getByRole('button', { name: 'Claim your prize' }).click();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
