import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { TIME_SKIPPING_FROM_MAVEN } from './from-registries/time-skipping-jars.js';
import type { ServerBinary } from './server-binary.js';
import { watchedDownload } from './watched-download.js';

const BINARY = 'temporal-test-server';

const DOWNLOAD = `
import { TestWorkflowEnvironment } from '@temporalio/testing';
const executable = { type: 'cached-download', downloadDir: process.argv[1] };
const environment = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
await environment.teardown();
`;

/** Temporal's test server, whose clock can be controlled; for tests only. */
export const TIME_SKIPPING: ServerBinary = {
  name: 'the time-skipping Temporal test server',
  variable: 'ROLLCALL_TIME_SKIPPING_BIN',
  command: BINARY,
  // It has no --version; starting it is the only possible check, and every test does that.
  whyNot: async () => undefined,
  sources: [
    {
      name: 'the official download of the Temporal test server',
      into: `temporal-test-server-native/${BINARY}`,
      async fetch(folder, tell, signal) {
        await watchedDownload(DOWNLOAD, folder, tell, signal);
        const [file] = await readdir(folder);
        if (file === undefined) throw new Error('the download left no file');
        await rename(join(folder, file), join(folder, BINARY));
      },
    },
    TIME_SKIPPING_FROM_MAVEN,
  ],
  byHand:
    'Install Java and Maven, or name a binary of https://github.com/temporalio/sdk-java/releases (temporal-test-server) in ROLLCALL_TIME_SKIPPING_BIN.',
};
