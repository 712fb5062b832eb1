import { once } from 'node:events';
import { request } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';

/**
 * Ends TLS in front of a server that speaks plain HTTP, as a proxy does in production. It adds no header: the server's
 * clients all have the address of this machine anyway. Returns a function that stops it.
 */
export async function startTlsProxy(certificate: ServerOptions, port: number, target: string): Promise<() => Promise<void>> {
  const proxy = createServer(certificate, (incoming, outgoing) => {
    const { method, headers, url } = incoming;
    const forwarded = request(new URL(url ?? '/', target), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    outgoing.on('close', () => forwarded.destroy());
    incoming.pipe(forwarded);
  });
  proxy.listen(port, 'localhost');
  await once(proxy, 'listening');
  return async () => {
    proxy.closeAllConnections();
    proxy.close();
    await once(proxy, 'close');
  };
}
