import { setTimeout as sleep } from 'node:timers/promises';
import type { Node } from '../../client/types.gen.js';
import { getNode } from '../../client/sdk.gen.js';
import { formatDuration } from '../../contract/duration.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import type { Connection } from '../connection/connection.js';

const POLL_MS = 500;

/** Result of a look: done, or what is still waited for. */
export type Judgement = 'done' | { waitingFor: string };

/** `undefined` for a node that is gone. */
export type Verdict = (node: Node | undefined) => Judgement;

export interface Patience {
  /** Timeout in milliseconds; absent for none. */
  timeoutMs?: number | undefined;
  /** Start of the wait by `performance.now()`, if it is for several items; absent for now. */
  since?: number;
  interruption: AbortSignal;
  /** Called when what is waited for changes; by default that is an answer of the api. */
  progress: (line: string, silent: boolean) => void;
  /** Command that shows the progress later: the awaited process runs on the server, and giving up here does not stop it. */
  see: string;
  /** Time between two looks, in milliseconds. */
  pollMs?: number;
}

/**
 * Looks until the result is `done`.
 * @throws CliFailure after the timeout, on Ctrl-C, or if a look throws one
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
      // Ctrl-C during a look counts as between two.
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

/** The node as it is now; undefined if this incarnation is gone. */
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
    // An api that restarts during a drain of hours is no reason to stop watching.
    if (error instanceof CliFailure && (error.code === 'UNREACHABLE' || error.code === 'UNAVAILABLE'))
      return { waitingFor: `an answer from ${server}`, silent: true };
    throw error;
  }
}
