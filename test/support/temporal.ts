import { TestWorkflowEnvironment } from '@temporalio/testing';
import { SEARCH_ATTRIBUTES } from '../../contract/search-attributes.js';
import { findBinary } from '../../embedded/find-binary.js';
import { TEMPORAL } from '../../embedded/temporal-binary.js';

export interface Temporal {
  address: string;
  env: TestWorkflowEnvironment;
  stop(): Promise<void>;
}

export interface TemporalOptions {
  /** Keeps the data in this SQLite file, so that a server can be stopped and started again with what it knew. */
  dbFilename?: string;
  port?: number;
}

/** A real Temporal dev server on a free port, with our search attributes. */
export async function startTemporal(options: TemporalOptions = {}): Promise<Temporal> {
  const path = await findBinary(TEMPORAL);
  const env = await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path },
      ...options,
      extraArgs: [
        ...['journal_mode=WAL', 'synchronous=NORMAL'].flatMap((pragma) => ['--sqlite-pragma', pragma]),
        ...SEARCH_ATTRIBUTES.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
      ],
    },
  });
  return { address: env.address, env, stop: () => env.teardown() };
}
