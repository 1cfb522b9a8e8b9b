import { dirname, join } from 'node:path';
import { temporalServerFromGo } from './from-registries/temporal-server-from-go.js';
import type { ServerBinary } from './server-binary.js';
import { whyNotByVersion } from './version-check.js';

/** Version of the images in docker-compose.yml; a test compares them. Servers before 1.30 take no configuration from the environment. */
export const TEMPORAL_SERVER_VERSION = '1.31.2';

/** Temporal's server of a cluster, with its schema tool beside it. */
export const TEMPORAL_SERVER: ServerBinary = {
  name: 'the Temporal server',
  variable: 'ROLLCALL_TEMPORAL_SERVER_BIN',
  command: 'temporal-server',
  whyNot: (path) => whyNotByVersion(path, /version (\d+\.\d+\.\d+)/, '1.30'),
  sources: [temporalServerFromGo(TEMPORAL_SERVER_VERSION)],
  byHand:
    `Unpack temporal-server and temporal-sql-tool ${TEMPORAL_SERVER_VERSION} (https://github.com/temporalio/temporal/releases) into one folder, and name the ` +
    'server in ROLLCALL_TEMPORAL_SERVER_BIN; or install Go (https://go.dev/dl), by which both are built.',
};

/** The tool that creates the server's tables. */
export function sqlToolOf(server: string): string {
  return join(dirname(server), 'temporal-sql-tool');
}
