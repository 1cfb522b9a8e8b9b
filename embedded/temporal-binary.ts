import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './run-command.js';
import type { ServerBinary } from './server-binary.js';
import { whyNotByVersion } from './version-check.js';
import { watchedDownload } from './watched-download.js';

const VERSION = '1.5.1';
/**
 * The SQLite driver that it is built with here. The one that 1.5.1 asks for (1.34) leaves its connection interrupted for good when a request is
 * given up in the midst of a statement, and Temporal has one connection: from then on it answers "interrupted (9)" to everything
 * (temporalio/temporal#9198).
 */
const SQLITE_DRIVER = 'modernc.org/sqlite@v1.44.3';
const BUILD_TIMEOUT_MS = 20 * 60_000;

/** The SDK's own downloader lives inside the call that starts a server: it is started without data and ended at once. */
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
    {
      name: `building the Temporal CLI ${VERSION} with Go (takes minutes)`,
      into: `temporal-${VERSION}-${SQLITE_DRIVER.replace(/.*@v/, 'sqlite-')}/temporal`,
      async fetch(folder, _tell, signal) {
        const source = join(folder, 'source');
        await mkdir(source);
        const go = (...args: string[]) => runCommand('go', args, { cwd: source, timeoutMs: BUILD_TIMEOUT_MS, signal });
        await go('mod', 'init', 'rollcall.invalid/temporal');
        await go('get', `github.com/temporalio/cli/cmd/temporal@v${VERSION}`, SQLITE_DRIVER);
        await go('build', '-o', join(folder, 'temporal'), 'github.com/temporalio/cli/cmd/temporal');
        await rm(source, { recursive: true, force: true });
      },
    },
  ],
  byHand:
    'Install the Temporal CLI (https://docs.temporal.io/cli#install) so that `temporal` is on PATH, or name it in ROLLCALL_TEMPORAL_BIN, ' +
    'or set Orchestrator.Temporal.Address to a Temporal that runs already.',
};
