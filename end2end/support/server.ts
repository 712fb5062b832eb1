import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

import { root, serverPath } from './server-path.ts';

const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 5_000;

/** A server process with its own database. */
export class Server {
  /** Everything that the process printed, line by line. */
  readonly log: string[] = [];
  origin = '';

  private constructor(
    private readonly process: ChildProcess,
    private readonly directory: string,
  ) {}

  /** Starts a server and waits until it prints its address. */
  static async start(settings: Record<string, string>): Promise<Server> {
    const directory = await mkdtemp(join(tmpdir(), 'latchkey-end2end-'));
    const child = spawn(serverPath(), {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        LISTEN_ADDR: '127.0.0.1:0',
        DATA_DIR: directory,
        DATABASE_URL: `sqlite://${join(directory, 'latchkey.db')}`,
        APP_ENV: 'development',
        DEMO_USERS: 'true',
        LEPTOS_SITE_ROOT: join(root, 'target', 'site'),
        LEPTOS_OUTPUT_NAME: 'latchkey',
        LEPTOS_ENV: 'PROD',
        // All tests of a worker sign in from one address, far more often than the default limits allow.
        THROTTLE_ANON: '100000/min',
        THROTTLE_REGISTER: '100000/hour',
        THROTTLE_ACCOUNT: '100000/min',
        THROTTLE_ACCOUNT_TOTAL: '100000/hour',
        THROTTLE_USER: '100000/hour',
        ...settings,
      },
    });
    const server = new Server(child, directory);
    process.once('exit', server.kill); // if the worker stops early
    try {
      server.origin = await server.listening();
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    process.off('exit', this.kill);
    if (this.running) {
      this.process.kill('SIGTERM');
      await Promise.race([once(this.process, 'exit'), delay(STOP_TIMEOUT_MS, undefined, { ref: false })]);
    }
    this.kill();
    await rm(this.directory, { recursive: true, force: true });
  }

  private get running(): boolean {
    return this.process.pid !== undefined && this.process.exitCode === null && this.process.signalCode === null;
  }

  private readonly kill = (): void => {
    if (this.running) this.process.kill('SIGKILL');
  };

  private listening(): Promise<string> {
    return new Promise((resolve, reject) => {
      const timeout = setTimeout(() => fail('did not say where it listens'), START_TIMEOUT_MS);
      const fail = (what: string) => {
        clearTimeout(timeout);
        reject(new Error(`The server ${what}. The end of its log:\n${this.log.slice(-30).join('\n')}`));
      };
      this.process.once('error', (error) => fail(`could not be run (${error.message})`));
      this.process.once('close', (code, signal) => {
        this.log.push(`(the process ended: ${signal ?? code})`);
        fail(`stopped with ${signal ?? `code ${code}`}`);
      });
      for (const stream of [this.process.stdout, this.process.stderr]) {
        if (!stream) continue;
        createInterface({ input: stream }).on('line', (line) => {
          this.log.push(line);
          const origin = /listens on (http:\/\/localhost:\d+)/.exec(line)?.[1];
          if (!origin) return;
          clearTimeout(timeout);
          resolve(origin);
        });
      }
    });
  }
}
