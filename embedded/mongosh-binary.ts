import { runCommand } from './run-command.js';
import type { ServerBinary } from './server-binary.js';
import { whyNotByVersion } from './version-check.js';

const VERSION = '2.5.8';
const INSTALL_TIMEOUT_MS = 10 * 60_000;

/** MongoDB's shell, which runs docker/mongodb-init.js. */
export const MONGOSH: ServerBinary = {
  name: "MongoDB's shell",
  variable: 'ROLLCALL_MONGOSH_BIN',
  command: 'mongosh',
  whyNot: (path) => whyNotByVersion(path, /(\d+\.\d+\.\d+)/, '2.0'),
  sources: [
    {
      name: `mongosh ${VERSION} from npm`,
      into: `mongosh-${VERSION}/node_modules/.bin/mongosh`,
      async fetch(folder, _tell, signal) {
        const options = ['--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts', '--prefix', folder];
        await runCommand('npm', ['install', ...options, `mongosh@${VERSION}`], {
          cwd: folder,
          timeoutMs: INSTALL_TIMEOUT_MS,
          signal,
        });
      },
    },
  ],
  byHand:
    'Install mongosh (https://www.mongodb.com/docs/mongodb-shell/install/) so that it is on PATH, or name it in ROLLCALL_MONGOSH_BIN.',
};
