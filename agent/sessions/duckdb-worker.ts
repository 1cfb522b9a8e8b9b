import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { DuckDbQuery } from './duckdb-query.js';
import type { FromWorker, ToWorker } from './worker-messages.js';

/*
 * The main module of a session's process: receives one query, sends its outcome, and waits for the agent to end it. It never outlives its
 * agent: the channel between them breaks when either is gone.
 */

/** Niceness: the agent comes first when the processor is short. */
const NICE = 5;
/** Score by which the kernel kills this process first when memory is short, of 1,000. */
const OOM_SCORE = '800';

const die = () => process.kill(process.pid, 'SIGKILL');
process.on('disconnect', die);
if (!process.connected) die();
// A terminal or service manager signals the whole group; only the agent decides about the session.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);

let query: DuckDbQuery | undefined;

process.on('message', (message: ToWorker) => {
  if (message.kind === 'interrupt') return query?.interrupt();
  query = new DuckDbQuery(message.query);
  void query.run().then((outcome) => process.send?.({ kind: 'ended', outcome } satisfies FromWorker));
});

try {
  setPriority(NICE);
  if (process.platform === 'linux') writeFileSync('/proc/self/oom_score_adj', OOM_SCORE);
} catch {
  // Best effort: some containers forbid it.
}
