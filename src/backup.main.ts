#!/usr/bin/env node
import { configOrExit } from '../contract/config/config-from-argv.js';
import { ConfigError } from '../contract/config/config-error.js';
import { UnusableBackup, type Counts } from './mongo/backup/backup-file.js';
import { restoreBackup, RestoreRefused } from './mongo/backup/restore-backup.js';
import { saveBackup } from './mongo/backup/save-backup.js';
import { MongoUri } from './mongo/mongo-uri.js';
import { isDatabaseError, openDatabase } from './mongo/open-database.js';
import { mongoUriOf } from './process/server-addresses.js';

const USAGE = `Usage: backup save FILE [--config FILE] [--set Dotted.Key=value]...
       backup restore FILE [--replace] [--config FILE] [--set Dotted.Key=value]...

save     writes all that MongoDB holds of this cluster as of one moment into FILE, but heartbeats of the past
restore  puts it back, where no api or worker runs; --replace lets what is there go

MongoDB is the one of Orchestrator.MongoDB.URI, by the same settings as the api's.
`;

process.exitCode = await main(process.argv.slice(2));

/** @returns the exit code: 1 where it was not done, 2 for what was asked for wrongly */
async function main([verb, file, ...rest]: string[]): Promise<number> {
  if (verb === '--help' || verb === '-h') {
    process.stdout.write(USAGE);
    return 0;
  }
  const isKnown = verb === 'save' || verb === 'restore';
  if (!isKnown || file === undefined || file.startsWith('-') || (verb === 'save' && rest.includes('--replace'))) {
    process.stderr.write(USAGE);
    return 2;
  }
  const { Orchestrator } = configOrExit(
    'backup',
    rest.filter((option) => option !== '--replace'),
  );
  try {
    const connection = await openDatabase(new MongoUri(mongoUriOf(Orchestrator), Orchestrator.MongoDB.TLS));
    try {
      const { at, counts } =
        verb === 'save'
          ? await saveBackup(connection, file)
          : await restoreBackup(connection, file, rest.includes('--replace'));
      const done = verb === 'save' ? `wrote ${file}` : `restored ${file}`;
      process.stdout.write(`${done}: ${summed(counts)}, as of ${at}\n`);
      return 0;
    } finally {
      await connection.close();
    }
  } catch (error) {
    return failed(error as NodeJS.ErrnoException);
  }
}

function summed(counts: Counts): string {
  const documents = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return `${documents} documents of ${Object.keys(counts).length} collections, ${counts['nodes'] ?? 0} nodes among them`;
}

function failed(error: NodeJS.ErrnoException): number {
  const isPlain =
    [ConfigError, UnusableBackup, RestoreRefused].some((kind) => error instanceof kind) || isDatabaseError(error);
  if (!isPlain && error.code === undefined) throw error;
  process.stderr.write(`backup: ${error.message}\n`);
  return error instanceof ConfigError ? 2 : 1;
}
