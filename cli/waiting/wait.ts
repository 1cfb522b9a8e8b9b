import { setTimeout as sleep } from 'node:timers/promises';
import type { Node } from '../../client/types.gen.js';
import { getNode } from '../../client/sdk.gen.js';
import { formatDuration } from '../../contract/duration.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import type { Connection } from '../connection/connection.js';

const POLL_MS = 500;

/** What a look says: the wait is over, or this is what it waits for. */
export type Judgement = 'done' | { waitingFor: string };

/** `undefined` stands for a node that is gone. */
export type Verdict = (node: Node | undefined) => Judgement;

export interface Patience {
  /** Gives up after this long; never where it is absent. In milliseconds. */
  timeoutMs?: number | undefined;
  /** When the waiting began, by `performance.now()`, where it is for several things; else now. */
  since?: number;
  interruption: AbortSignal;
  /** Told what is waited for, whenever that changes; that is an answer of the api where it does not say. */
  progress: (line: string, silent: boolean) => void;
  /** The command that shows how it goes on: what is waited for runs on the server, and giving up here stops nothing. */
  see: string;
  /** Between two looks, in milliseconds. */
  pollMs?: number;
}

/**
 * Looks until the judgement is `done`.
 * @throws CliFailure after the timeout, on Ctrl-C, or where the look throws one.
 */
export async function waitUntil(
  connection: Pick<Connection, 'server'>,
  look: () => Promise<Judgement>,
  patience: Patience,
): Promise<void> {
  const { timeoutMs, since = performance.now(), interruption, progress, see, pollMs = POLL_MS } = patience;
  const givenUp = timeoutMs === undefined ? Infinity : since + timeoutMs;
  const hint = `It goes on without you; see: ${see}`;
  let said = '';
  const interrupted = () =>
    new CliFailure(
      EXIT_CODE.interrupted,
      'INTERRUPTED',
      said === '' ? 'no longer waiting' : `no longer waiting; then: ${said}`,
      hint,
    );
  for (;;) {
    const judgement = await bearingOutages(connection, look).catch((error: unknown) => {
      // Ctrl-C during a look is the same as between two.
      throw interruption.aborted ? interrupted() : error;
    });
    if (judgement === 'done') return;
    if (judgement.waitingFor !== said) progress(judgement.waitingFor, judgement.silent ?? false);
    said = judgement.waitingFor;
    if (performance.now() >= givenUp)
      throw new CliFailure(
        EXIT_CODE.timeout,
        'TIMEOUT',
        `after ${formatDuration(timeoutMs ?? 0)} still: ${said}`,
        hint,
      );
    await sleep(Math.min(pollMs, Math.max(0, givenUp - performance.now())), undefined, { signal: interruption }).catch(
      () => {
        throw interrupted();
      },
    );
  }
}

/** The node as it is now; undefined where this incarnation is gone. */
export async function currently(connection: Connection, node: Pick<Node, 'id' | 'uid'>): Promise<Node | undefined> {
  try {
    const current = await connection.ask(getNode({ client: connection.client, path: { id: node.id } }));
    // Another node under the same name means that ours is gone.
    return current.uid === node.uid ? current : undefined;
  } catch (error) {
    if (error instanceof CliFailure && error.exitCode === EXIT_CODE.notFound) return undefined;
    throw error;
  }
}

async function bearingOutages(
  { server }: Pick<Connection, 'server'>,
  look: () => Promise<Judgement>,
): Promise<'done' | { waitingFor: string; silent?: boolean }> {
  try {
    return await look();
  } catch (error) {
    // An api that restarts during a drain of hours is no reason to stop watching the drain.
    if (error instanceof CliFailure && (error.code === 'UNREACHABLE' || error.code === 'UNAVAILABLE'))
      return { waitingFor: `an answer from ${server}`, silent: true };
    throw error;
  }
}
