import { open } from 'node:fs/promises';
import { isNativeError } from 'node:util/types';
import { gzipSync } from 'node:zlib';
import { createTar } from 'nanotar';
import { getCluster, getMetrics, getReadiness, getSupport, listAudit } from '../../client/sdk.gen.js';
import { plainText } from '../../contract/plain-text.js';
import type { Connection } from '../connection/connection.js';
import type { CallOf } from '../grammar/add-command.js';
import type { supportBundleCommand } from '../grammar/other-commands.js';
import { toJson } from '../output/document.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';

/** The bundle names machines, people and addresses, so only its owner may read it. */
const MODE = 0o600;
const EVENTS = 200;
/** Maximum size of metrics, in bytes; a worker's are some 100 kB. */
const WORKER_BYTES = 16 * 1_024 ** 2;
const WORKER_TIMEOUT_MS = 10_000;

interface BundleFile {
  name: string;
  data: string;
}

const ABOUT = `What Rollcall knows of itself, for whoever looks for a fault. No token, key or password is in it; names of nodes and people, and
addresses, are.

versions.json, configuration.json, log.jsonl   of the api replica that answered
stuck.json        nodes with decisions that no workflow has applied for a minute, and what their workflows say
metrics.txt       of that replica
readyz.json       which servers answer it
cluster.json      counts and resources
audit.json        the latest events of the audit
workers.json      which asked Temporal for work within five minutes, and of which version they are
worker-…          readiness and metrics of the workers that --worker named
failures.txt      what could not be read, and why

A worker's log is where the worker runs: add it by hand.
`;

/** `rollcall support-bundle`: an archive of diagnostic data. It lists what could not be read. */
export async function run(call: CallOf<typeof supportBundleCommand>): Promise<void> {
  const { options, terminal } = call;
  const connection = await call.connect();
  const at = new Date(connection.now());
  const path = options.out ?? `rollcall-support-${at.toISOString().slice(0, 19).replaceAll(':', '')}Z.tar.gz`;
  const failures: string[] = [];
  const files = [
    ...(await filesOf(connection, failures)),
    ...(await filesOfWorkers(options.worker ?? [], failures, call.interruption)),
  ];
  const folder = 'rollcall-support';
  const archive = createTar(
    [
      { name: 'README.txt', data: ABOUT },
      ...files,
      { name: 'failures.txt', data: failures.map((line) => `${line}\n`).join('') },
    ].map(({ name, data }) => ({ name: `${folder}/${name}`, data })),
    { attrs: { mode: '600', mtime: at.getTime() } },
  );
  await write(path, gzipSync(archive));
  for (const failure of failures) terminal.stderr.write(`not in the bundle: ${failure}\n`);
  terminal.stdout.write(`${path}\n`);
}

async function filesOf(connection: Connection, failures: string[]): Promise<BundleFile[]> {
  const { client } = connection;
  const files: BundleFile[] = [];
  const read = async (name: string, data: () => Promise<string>) => {
    try {
      files.push({ name, data: await data() });
    } catch (error) {
      if (!(error instanceof CliFailure) || error.exitCode === EXIT_CODE.interrupted) throw error;
      // Without permission the command fails, instead of making an empty bundle.
      if (error.exitCode === EXIT_CODE.authentication) throw error;
      failures.push(`${name}: ${error.sentence()}`);
    }
  };
  const json = (reply: () => Parameters<Connection['ask']>[0]) => async () => toJson(await connection.ask(reply()));
  await read('versions.json', async () => {
    const { at: _now, ...parts } = await connection.ask(getSupport({ client }));
    for (const [part, told] of Object.entries(parts)) {
      if ('failure' in told) failures.push(`${part}: ${told.failure}`);
      else if (part === 'log')
        files.push({ name: 'log.jsonl', data: (told.value as string[]).map((line) => `${line}\n`).join('') });
      else if (part !== 'versions') files.push({ name: `${part}.json`, data: toJson(told.value) });
    }
    return 'failure' in parts.versions ? '{}\n' : toJson(parts.versions.value);
  });
  await read('metrics.txt', async () => {
    const { data, response, error } = await getMetrics({ client, parseAs: 'text' });
    if (typeof data === 'string') return data;
    throw error instanceof CliFailure
      ? error
      : new CliFailure(EXIT_CODE.failure, 'NO_API', `/metrics answered ${response?.status ?? 'nothing'}`);
  });
  await read('readyz.json', async () => {
    // A 503 answer is the most informative.
    const { data, error } = await getReadiness({ client });
    if (error instanceof CliFailure) throw error;
    return toJson(data ?? error);
  });
  await read(
    'cluster.json',
    json(() => getCluster({ client })),
  );
  await read(
    'audit.json',
    json(() => listAudit({ client, query: { limit: EVENTS } })),
  );
  return files;
}

/** Metrics endpoints are named by the user, and get no token. */
async function filesOfWorkers(
  addresses: readonly string[],
  failures: string[],
  interruption: AbortSignal,
): Promise<BundleFile[]> {
  const files: BundleFile[] = [];
  for (const address of addresses) {
    const name = `worker-${new URL(address).host.replaceAll(/[^A-Za-z0-9.-]+/g, '-')}`;
    for (const [path, file] of [
      ['/readyz', `${name}-readyz.json`],
      ['/metrics', `${name}-metrics.txt`],
    ] as const) {
      try {
        files.push({ name: file, data: await textOf(`${address}${path}`, interruption) });
      } catch (error) {
        if (interruption.aborted)
          throw new CliFailure(EXIT_CODE.interrupted, 'INTERRUPTED', 'interrupted', undefined, { cause: error });
        failures.push(`${file}: ${address} ${whyUnread(error)}`);
      }
    }
  }
  return files;
}

async function textOf(address: string, interruption: AbortSignal): Promise<string> {
  const signal = AbortSignal.any([interruption, AbortSignal.timeout(WORKER_TIMEOUT_MS)]);
  const { body } = await fetch(address, { signal, redirect: 'error' });
  const decoder = new TextDecoder();
  let [text, bytes] = ['', 0];
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > WORKER_BYTES) throw new Error(`answers more than ${WORKER_BYTES / 1_024 ** 2} MiB`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function whyUnread(error: unknown): string {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return `did not answer within ${WORKER_TIMEOUT_MS / 1_000} s`;
  if (!isNativeError(cause)) return message === 'fetch failed' ? 'does not answer' : message;
  return `does not answer (${'code' in cause ? String(cause.code) : plainText(cause.message)})`;
}

/** An existing file is not overwritten: it may belong to somebody else, and be readable by others. */
async function write(path: string, bytes: Uint8Array): Promise<void> {
  try {
    const file = await open(path, 'wx', MODE);
    try {
      await file.writeFile(bytes);
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliFailure(
      EXIT_CODE.failure,
      'CANNOT_WRITE',
      code === 'EEXIST' ? `${path} is there already` : `${path} cannot be written (${code})`,
      'Name another file with --out',
      { cause: error },
    );
  }
}
