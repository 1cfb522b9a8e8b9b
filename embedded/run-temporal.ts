import { SEARCH_ATTRIBUTES } from '../contract/search-attributes.js';
import type { Home } from './home.js';
import type { ProcessSpec } from './managed-process.js';
import { KeptProcess, watchFor, type KeeperListener } from './kept-process.js';

const STOP_WITHIN_MS = 15_000;
const UP_WITHIN_MS = 60_000;

/** SQLite keeps up with several times as many workflow starts so; a crash of the machine, not of Temporal, may lose the last moments. */
const PRAGMAS = ['journal_mode=WAL', 'synchronous=NORMAL'];

/** The dev server's default limits are for a laptop's demo: a fleet's heartbeats and drains may come in bursts. */
const LIMITS = ['matching.rps', 'frontend.rps', 'frontend.namespaceRPS', 'history.rps'].map((key) => `${key}=100000`);

export interface TemporalPorts {
  grpc: number;
  webUI: number;
}

/** A Temporal dev server of this home, and how to reach it. */
export interface RunningTemporal {
  process: KeptProcess;
  address: string;
  webUI: string;
}

/**
 * Runs Temporal's dev server, its data in a SQLite file, on the loopback interface only.
 * @throws StartupError where it does not come up
 */
export async function runTemporal(
  home: Home,
  binary: string,
  ports: TemporalPorts,
  namespace: string,
  listener: KeeperListener,
  signal: AbortSignal,
): Promise<RunningTemporal> {
  const webUI = `http://127.0.0.1:${ports.webUI}`;
  const process = new KeptProcess(home, temporalServer(home, binary, ports, namespace), listener, watchFor(() => readsItsStore(webUI, namespace)));
  try {
    await process.up(() => knowsNamespace(webUI, namespace), UP_WITHIN_MS, signal);
  } catch (error) {
    await process.stop();
    throw error;
  }
  return { process, address: `127.0.0.1:${ports.grpc}`, webUI };
}

/** A home's Temporal dev server. It runs in the home's folder for it, since it puts the path of its file into a URI as it is. */
export function temporalServer(home: Home, binary: string, ports: TemporalPorts, namespace: string): ProcessSpec {
  const args = [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(ports.grpc), '--ui-port', String(ports.webUI)],
    ...['--db-filename', 'temporal.db', '--log-level', 'warn', '--namespace', namespace],
    ...PRAGMAS.flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...LIMITS.flatMap((limit) => ['--dynamic-config-value', limit]),
    ...SEARCH_ATTRIBUTES.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
  ];
  return { name: 'temporal', command: binary, args, cwd: home.temporal, stopWithinMs: STOP_WITHIN_MS };
}

/** The Web UI passes the question on to the server: its answer says that both are there, and the namespace too. */
export async function knowsNamespace(webUI: string, namespace: string): Promise<boolean> {
  return (await fetch(`${webUI}/api/v1/namespaces/${namespace}`, { signal: AbortSignal.timeout(2_000) })).ok;
}

/**
 * Whether it reads histories. Its SQLite can answer "interrupted" to everything while the process lives and knows its namespace (drivers
 * before 1.44 leave the one connection so when a request is given up in the midst of a statement).
 */
export async function readsItsStore(webUI: string, namespace: string): Promise<boolean> {
  const { status } = await fetch(`${webUI}/api/v1/namespaces/${namespace}/workflows/is-there-anybody`, { signal: AbortSignal.timeout(10_000) });
  return status === 200 || status === 404;
}
