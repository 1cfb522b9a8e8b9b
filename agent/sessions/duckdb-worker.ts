import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { DuckDbQuery } from './duckdb-query.js';
import type { FromWorker, ToWorker } from './worker-messages.js';

/*
 * The main module of a session's process: one query in, its outcome out, and then it waits for the agent to end it. It outlives its agent
 * in no case: the channel between them breaks when either is gone, however it went.
 */

/** The agent comes first when the processor is short. */
const NICE = 5;
/** And last when the kernel looks for somebody to kill for want of memory. Of 1,000. */
const OOM_SCORE = '800';

const die = () => process.kill(process.pid, 'SIGKILL');
process.on('disconnect', die);
if (!process.connected) die();
// A terminal or a service manager tells the whole group to stop; what becomes of a session is the agent's word.
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
  // Courtesies, and some containers do not let anybody be polite.
}
