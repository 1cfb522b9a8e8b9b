import { createServer, connect } from 'node:net';

/** Why a port cannot be listened on (`EADDRINUSE`, `EACCES`, …); undefined if it can. */
export async function portTrouble(port: number, host: string): Promise<string | undefined> {
  const outcome = await tryListen(port, host);
  return typeof outcome === 'string' ? outcome : undefined;
}

/**
 * Below the ephemeral ports of outgoing connections (from 32,768 on Linux, from 49,152 elsewhere): one of those may take a port
 * before the server listens on it.
 */
const UNDISTURBED = { first: 20_000, count: 12_000 };
const TRIES = 50;

/**
 * The first of `wanted` that can be listened on, or else any free port, at random.
 * @param taken ports that are reserved for others; the port found is added
 */
export async function freePort(
  host: string,
  wanted: readonly (number | undefined)[],
  taken = new Set<number>(),
): Promise<number> {
  for (const port of wanted) {
    if (port && !taken.has(port) && (await portTrouble(port, host)) === undefined) return keep(port, taken);
  }
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = UNDISTURBED.first + Math.floor(Math.random() * UNDISTURBED.count);
    if (!taken.has(port) && (await portTrouble(port, host)) === undefined) return keep(port, taken);
  }
  for (;;) {
    const port = await tryListen(0, host);
    if (typeof port === 'string') throw new Error(`No port of ${host} can be listened on: ${port}`);
    if (!taken.has(port)) return keep(port, taken);
  }
}

function keep(port: number, taken: Set<number>): number {
  taken.add(port);
  return port;
}

function tryListen(port: number, host: string): Promise<number | string> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}

const WITHIN_MS = 2_000;

/** Whether connections are accepted there. */
export function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: WITHIN_MS });
    const say = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => say(true));
    socket.once('timeout', () => say(false));
    socket.once('error', () => say(false));
  });
}
