import { findBinary, ServerNotFound } from './find-binary.js';
import { MONGOD } from './mongod-binary.js';
import { MONGOSH } from './mongosh-binary.js';
import { TEMPORAL } from './temporal-binary.js';
import { TEMPORAL_SERVER } from './temporal-server-binary.js';
import { adoptTimeSkippingJars, archiveTimeSkippingClasses } from './from-registries/time-skipping-jars.js';
import { TIME_SKIPPING } from './time-skipping-binary.js';

/** Additional servers of `npm run cluster`. */
const OF_THE_CLUSTER = process.argv.includes('cluster') ? [MONGOSH, TEMPORAL_SERVER] : [];

/**
 * Program: finds or downloads all servers that the tests use, so that no test waits for a download; with `cluster` those of that level too.
 */
await adoptTimeSkippingJars();
try {
  for (const server of [MONGOD, TEMPORAL, TIME_SKIPPING, ...OF_THE_CLUSTER]) {
    process.stderr.write(`  ${server.name}: ${await findBinary(server)}\n`);
  }
  await archiveTimeSkippingClasses().catch((error: Error) =>
    process.stderr.write(
      `  ${TIME_SKIPPING.name} starts slowly: its classes could not be archived (${error.message})\n`,
    ),
  );
} catch (error) {
  if (!(error instanceof ServerNotFound)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
