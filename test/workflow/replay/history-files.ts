import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import proto from '@temporalio/proto';

/** Histories of each release, `<scenario>.v<version>.json`, which a running cluster may hand to the next release's worker. */
const HISTORIES = fileURLToPath(new URL('../../histories/', import.meta.url));
const ROOT = new URL('../../../', import.meta.url);

const { History } = proto.temporal.api.history.v1;
export type History = proto.temporal.api.history.v1.IHistory;

export async function historyFiles(): Promise<string[]> {
  return (await readdir(HISTORIES))
    .filter((file) => file.endsWith('.json'))
    .toSorted((one, other) => one.localeCompare(other));
}

/** A recorded history; read again at each call, so that a test may modify it. */
export async function readHistory(file: string): Promise<History> {
  return History.fromObject(JSON.parse(await readFile(join(HISTORIES, file), 'utf8')) as object);
}

/**
 * Writes a history as a fixture. (Not by Temporal's historyToJSON, which needs its own protobufjs to be the only one that
 * is installed.)
 */
export async function writeHistory(scenario: string, history: History): Promise<void> {
  const plain = History.toObject(History.fromObject(history), { enums: String, longs: String, bytes: String });
  await writeFile(
    join(HISTORIES, `${scenario}.v${await currentVersion()}.json`),
    `${JSON.stringify(plain, anonymous, 1)}\n`,
  );
}

/** The version under development. */
export async function currentVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(new URL('package.json', ROOT), 'utf8')) as { version: string };
  return version;
}

/** Removes everything about the recording machine: its identity, its paths. */
function anonymous(key: string, value: unknown): unknown {
  if (key === 'identity') return 'recorder';
  return key === 'stackTrace' ? '' : value;
}
