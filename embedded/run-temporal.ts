import { SEARCH_ATTRIBUTES } from '../contract/temporal-names.js';
import { freePort } from './free-port.js';
import type { Home } from './home.js';
import type { ProcessSpec } from './managed-process.js';
import { KeptProcess, watchFor, type KeeperListener } from './kept-process.js';
import { hiddenLoopback, WebUIDoor } from './web-ui-door.js';

const LOOPBACK = '127.0.0.1';
const STOP_WITHIN_MS = 15_000;
const UP_WITHIN_MS = 60_000;

/** Lets SQLite keep up with several times as many workflow starts; a crash of the machine, not of Temporal, may lose the last moments. */
const PRAGMAS = ['journal_mode=WAL', 'synchronous=NORMAL'];

/** The dev server's default limits are for demos: a fleet's heartbeats and drains may come in bursts. */
const LIMITS = [
  ...['matching.rps', 'frontend.rps', 'frontend.namespaceRPS', 'history.rps'].map((key) => `${key}=100000`),
  // Of each history shard, of which the dev server has one. At the default of 20 each step of a workflow waits up to 50 ms for its turn.
  'history.transferProcessorMaxPollRPS=1000',
];

/** The server's HTTP API, at a port of its own, accepts this machine's names only, against DNS rebinding by pages in a browser. */
const ALLOWED_HOSTS = 'frontend.httpAllowedHosts=["127.0.0.1:*","localhost:*"]';

export interface TemporalPorts {
  grpc: number;
  webUI: number;
  /** Address of this machine at which the Web UI listens; absent: 127.0.0.1. */
  webUIHost?: string;
}

/** A Temporal dev server of this home, and how to reach it. */
export interface RunningTemporal {
  process: Pick<KeptProcess, 'stop' | 'kill'>;
  address: string;
  webUI: string;
}

/**
 * Runs Temporal's dev server, with its data in a SQLite file, on the loopback interface only.
 * @throws StartupError if it does not come up
 */
export async function runTemporal(
  home: Home,
  binary: string,
  ports: TemporalPorts,
  namespace: string,
  listener: KeeperListener,
  signal: AbortSignal,
): Promise<RunningTemporal> {
  const host = hiddenLoopback();
  // If there is only one loopback address, two servers cannot listen at the same port of it.
  const port = host === LOOPBACK ? await freePort(LOOPBACK, [], new Set([ports.grpc, ports.webUI])) : ports.webUI;
  const hidden = `http://${host}:${port}`;
  const process = new KeptProcess(
    home,
    temporalServer(home, binary, { ...ports, webUI: port, webUIHost: host }, namespace),
    listener,
    watchFor(() => readsItsStore(hidden, namespace)),
  );
  let door: WebUIDoor | undefined;
  try {
    await process.up(() => knowsNamespace(hidden, namespace), UP_WITHIN_MS, signal);
    door = await WebUIDoor.open(ports.webUI, { host, port });
  } catch (error) {
    await process.stop();
    throw error;
  }
  return {
    process: behind(door, process),
    address: `${LOOPBACK}:${ports.grpc}`,
    webUI: `http://${LOOPBACK}:${ports.webUI}`,
  };
}

/** The server together with its door. */
function behind(door: WebUIDoor, process: KeptProcess): RunningTemporal['process'] {
  return {
    stop: () => {
      door.close();
      return process.stop();
    },
    kill: () => {
      door.close();
      process.kill();
    },
  };
}

/** A home's Temporal dev server. It runs in the folder of its database, since it puts the file's path into a URI unescaped. */
export function temporalServer(home: Home, binary: string, ports: TemporalPorts, namespace: string): ProcessSpec {
  const args = [
    ...[
      'server',
      'start-dev',
      '--ip',
      LOOPBACK,
      '--port',
      String(ports.grpc),
      '--ui-port',
      String(ports.webUI),
      '--ui-ip',
      ports.webUIHost ?? LOOPBACK,
    ],
    ...['--db-filename', 'temporal.db', '--log-level', 'warn', '--namespace', namespace],
    ...PRAGMAS.flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...[...LIMITS, ALLOWED_HOSTS].flatMap((limit) => ['--dynamic-config-value', limit]),
    ...SEARCH_ATTRIBUTES.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
  ];
  return { name: 'temporal', command: binary, args, cwd: home.temporal, stopWithinMs: STOP_WITHIN_MS };
}

/** The Web UI forwards the request to the server, so an answer shows that both are up, and the namespace exists. */
export async function knowsNamespace(webUI: string, namespace: string): Promise<boolean> {
  return (await fetch(`${webUI}/api/v1/namespaces/${namespace}`, { signal: AbortSignal.timeout(2_000) })).ok;
}

/**
 * Whether it can read histories. Its SQLite can answer "interrupted" to everything while the process lives and knows its namespace (drivers
 * before 1.44 leave their one connection in this state when a request is cancelled during a statement).
 */
export async function readsItsStore(webUI: string, namespace: string): Promise<boolean> {
  const { status } = await fetch(`${webUI}/api/v1/namespaces/${namespace}/workflows/is-there-anybody`, {
    signal: AbortSignal.timeout(10_000),
  });
  return status === 200 || status === 404;
}
