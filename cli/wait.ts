import { setTimeout as sleep } from 'node:timers/promises';
import type { Node } from '../client/types.gen.js';
import { getNode } from '../client/sdk.gen.js';
import { formatDuration } from '../contract/duration.js';
import { CliFailure } from './cli-failure.js';
import type { Connection } from './connection.js';
import { EXIT_CODE } from './exit-code.js';

const POLL_MS = 500;

/** What a look at the node says: the wait is over, or this is what it waits for. `undefined` stands for a node that is gone. */
export type Verdict = (node: Node | undefined) => 'done' | { waitingFor: string };

export interface WaitOptions {
  /** The incarnation that the decision was about. */
  node: Node;
  verdict: Verdict;
  /** Gives up after this long; never where it is absent. In milliseconds. */
  timeoutMs?: number | undefined;
  interruption: AbortSignal;
  /** Told what is waited for, whenever that changes. */
  progress: (line: string) => void;
}

/**
 * Looks at a node until the verdict is `done`. What is waited for runs on the server: giving up here stops nothing.
 * @throws CliFailure after the timeout, on Ctrl-C, or where the verdict throws one.
 */
export async function waitFor(connection: Connection, options: WaitOptions): Promise<void> {
  const { node, verdict, timeoutMs, interruption, progress } = options;
  const givenUp = timeoutMs === undefined ? Infinity : performance.now() + timeoutMs;
  let said = '';
  for (;;) {
    const judgement = await look(connection, node, verdict);
    if (judgement === 'done') return;
    if (judgement.waitingFor !== said) progress(judgement.waitingFor);
    said = judgement.waitingFor;
    if (performance.now() >= givenUp) {
      throw new CliFailure(EXIT_CODE.timeout, 'TIMEOUT', `after ${formatDuration(timeoutMs ?? 0)} still: ${said}`, `It goes on without you; see: rollcall node describe ${node.id}`);
    }
    await sleep(Math.min(POLL_MS, Math.max(0, givenUp - performance.now())), undefined, { signal: interruption }).catch(() => {
      throw new CliFailure(EXIT_CODE.interrupted, 'INTERRUPTED', `no longer waiting; then: ${said}`, `It goes on without you; see: rollcall node describe ${node.id}`);
    });
  }
}

async function look(connection: Connection, node: Node, verdict: Verdict): Promise<'done' | { waitingFor: string }> {
  let current: Node | undefined;
  try {
    current = await connection.ask(getNode({ client: connection.client, path: { id: node.id } }));
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    // An api that restarts during a drain of hours is no reason to stop watching the drain.
    if (error.code === 'UNREACHABLE' || error.code === 'UNAVAILABLE') return { waitingFor: `an answer from ${connection.server}` };
    if (error.exitCode !== EXIT_CODE.notFound) throw error;
  }
  // Another node under the same name means that ours is gone.
  return verdict(current?.uid === node.uid ? current : undefined);
}
