import { readFileSync } from 'node:fs';

import { Server } from './server.ts';
import { startTlsProxy } from './tls-proxy.ts';

/** Starts one server behind HTTPS for all workers. Playwright calls the result after the last test. */
export default async function start(): Promise<() => Promise<void>> {
  const { BASE_URL, TLS_KEY, NODE_EXTRA_CA_CERTS } = process.env;
  if (!BASE_URL || !TLS_KEY || !NODE_EXTRA_CA_CERTS) throw new Error('Run scripts/e2e-tls.sh: it makes the certificate.');
  const server = await Server.start({ PUBLIC_ORIGIN: BASE_URL });
  const certificate = { key: readFileSync(TLS_KEY), cert: readFileSync(NODE_EXTRA_CA_CERTS) };
  const stopProxy = await startTlsProxy(certificate, Number(new URL(BASE_URL).port), server.origin);
  return async () => {
    await stopProxy();
    await server.stop();
  };
}
