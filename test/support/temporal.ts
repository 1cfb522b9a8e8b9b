import { TestWorkflowEnvironment } from '@temporalio/testing';
import { SEARCH_ATTRIBUTES } from '../../contract/search-attributes.js';
import { findBinary } from '../../embedded/find-binary.js';
import { TEMPORAL } from '../../embedded/temporal-binary.js';
import { patiently } from './patiently.js';

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
  const extraArgs = [
    ...['journal_mode=WAL', 'synchronous=NORMAL'].flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...SEARCH_ATTRIBUTES.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
  ];
  const server = { executable: { type: 'existing-path' as const, path }, ...options, extraArgs };
  const env = await patiently(() => TestWorkflowEnvironment.createLocal({ server }));
  return { address: env.address, env, stop: () => env.teardown() };
}
