import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';
import { DuckDbEngine } from '../../../agent/sessions/duckdb-engine.js';
import type { EngineSession, SessionOutcome } from '../../../agent/sessions/session-engine.js';
import { previewSchema } from '../../../contract/schemas/sessions.js';
import type { SessionResources } from '../../../contract/sessions.js';
import { eventually } from '../eventually.js';
import { temporaryFolder } from '../temporary-folder.js';
import { sessionsOf } from './sessions-of.js';
import { LogRecorder } from './log-recorder.js';

/** Queries on real DuckDBs, each in a process of its own, as the built agent starts them. `npm test` builds it first. */

const WORKER = fileURLToPath(new URL('../../../dist/agent/sessions/duckdb-worker.js', import.meta.url));
export const MIB = 1_024 ** 2;
/** Runs until it is told to stop, without using the processor. */
export const ENDLESS = 'SELECT sleep_ms(86400000)';
/** Uses the processor until it is told to stop. */
export const BUSY = 'SELECT count(*) FROM range(1000000) a, range(1000000) b, range(1000000) c';

export interface QueryOptions extends Partial<SessionResources> {
  allowExternal?: boolean;
  folder?: string;
}

/** Starts it as the only session of an engine. */
export async function beginQuery(
  sql: string,
  { allowExternal = false, folder, ...resources }: QueryOptions = {},
): Promise<EngineSession> {
  const engine = new DuckDbEngine({ allowExternal }, new LogRecorder(), WORKER);
  const order = {
    id: 's1',
    principal: 'ada',
    sql,
    resources: { cpu: 0.25, memory: 256 * MIB, disk: 256 * MIB, gpu: 0, ...resources },
  };
  return engine.begin(order, folder ?? (await temporaryFolder()));
}

/** The query's outcome; nothing of it may be running by then. */
export async function outcomeOf(sql: string, options: QueryOptions = {}): Promise<SessionOutcome> {
  const outcome = await (await beginQuery(sql, options)).ended;
  expect(await sessionsOf(process.pid)).toEqual([]);
  expect(outcome.reason.length).toBeLessThanOrEqual(1_024);
  if (outcome.preview) previewSchema.parse(outcome.preview);
  return outcome;
}

/** Remains of a query that failed. */
export const failed = (reason: string | RegExp) => ({
  state: 'FAILED',
  reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
  rows: null,
  resultFile: null,
  preview: null,
});

/** Resolves when its process is really working on the query. */
export async function works(session: EngineSession): Promise<void> {
  await eventually(async () => expect((await session.usage())?.cpuMs).toBeGreaterThan(300));
}
