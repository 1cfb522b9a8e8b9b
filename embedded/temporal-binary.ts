import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { temporalFromGo } from './from-registries/temporal-from-go.js';
import type { ServerBinary } from './server-binary.js';
import { whyNotByVersion } from './version-check.js';
import { watchedDownload } from './watched-download.js';

const VERSION = '1.5.1';

/** The SDK's downloader is part of the call that starts a server: it is started without data and ended at once. */
const DOWNLOAD = `
import { TestWorkflowEnvironment } from '@temporalio/testing';
const executable = { type: 'cached-download', downloadDir: process.argv[1], version: 'v${VERSION}' };
const environment = await TestWorkflowEnvironment.createLocal({ server: { executable } });
await environment.teardown();
`;

/** Temporal's dev server: the `temporal` command of its CLI. */
export const TEMPORAL: ServerBinary = {
  name: 'the Temporal dev server',
  variable: 'ROLLCALL_TEMPORAL_BIN',
  command: 'temporal',
  // Servers before 1.27 lack what the lifecycle shows in the Web UI (current details, timer summaries).
  whyNot: (path) => whyNotByVersion(path, /Server (\d+\.\d+\.\d+)/, '1.27'),
  sources: [
    {
      name: `the official download of the Temporal CLI ${VERSION}`,
      into: `temporal-${VERSION}-official/temporal`,
      async fetch(folder, tell, signal) {
        await watchedDownload(DOWNLOAD, folder, tell, signal);
        const [file] = await readdir(folder);
        if (file === undefined) throw new Error('the download left no file');
        await rename(join(folder, file), join(folder, 'temporal'));
      },
    },
    temporalFromGo(VERSION),
  ],
  byHand:
    'Install the Temporal CLI (https://docs.temporal.io/cli#install) so that `temporal` is on PATH, or name it in ROLLCALL_TEMPORAL_BIN, ' +
    'or set Orchestrator.Temporal.Address to a Temporal that runs already.',
};
