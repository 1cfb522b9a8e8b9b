import { TestWorkflowEnvironment } from '@temporalio/testing';
import { SEARCH_ATTRIBUTES } from '../../../contract/temporal-names.js';
import { findBinary } from '../../../embedded/find-binary.js';
import { TEMPORAL } from '../../../embedded/temporal-binary.js';
import { useInSuite } from '../use-in-suite.js';
import { ServerProcess } from './server-process.js';

export interface Temporal {
  address: string;
  env: TestWorkflowEnvironment;
  stop(): Promise<void>;
}

export interface TemporalOptions {
  /** Keeps the data in this SQLite file, so that a server can be stopped and restarted with its data. */
  dbFilename?: string;
  port?: number;
  /** Dynamic configuration: `history.maximumSignalsPerExecution=20`. */
  dynamicConfig?: readonly string[];
}

/** A real Temporal dev server on a free port, with Rollcall's search attributes. */
export async function startTemporal({ dbFilename, port, dynamicConfig = [] }: TemporalOptions = {}): Promise<Temporal> {
  const command = await findBinary(TEMPORAL);
  const args = (ownPort: number) => [
    ...['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(ownPort), '--log-level', 'warn'],
    ...(dbFilename === undefined ? [] : ['--db-filename', dbFilename]),
    ...['journal_mode=WAL', 'synchronous=NORMAL'].flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...dynamicConfig.flatMap((value) => ['--dynamic-config-value', value]),
    ...SEARCH_ATTRIBUTES.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
  ];
  const { server, answer: env } = await ServerProcess.start(
    { name: 'the Temporal dev server', command, args, ...(port !== undefined && { port }) },
    async (address) => {
      const found = await TestWorkflowEnvironment.createFromExistingServer({ address });
      await found.connection.workflowService.describeNamespace({ namespace: 'default' });
      return found;
    },
  );
  const end = async () => {
    await env.teardown();
    await server.stop();
  };
  let ended: Promise<void> | undefined;
  return { address: server.address, env, stop: () => (ended ??= end()) };
}

/** A Temporal for the tests of a file. */
export function useTemporal(options: TemporalOptions = {}): Temporal {
  return useInSuite(
    () => startTemporal(options),
    (temporal) => temporal.stop(),
  );
}
