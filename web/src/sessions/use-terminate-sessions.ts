import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { terminateNodeSession, terminateSession } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';
import { sentenceOf } from '../api/api-failure.js';
import { useRefreshNodes } from '../api/use-decision.js';
import { SESSIONS_KEY } from './session-queries.js';

/** What is needed to end a session and to name it. */
export interface TerminableSession {
  id: string;
  /** Its node, once that is known. */
  node: string | null;
  principal: string;
  statement: string;
}

/** Outcome of one termination. */
export type TerminationOutcome = { ok: true } | { ok: false; why: string };

/** Maximum number of concurrent terminations: enough to be quick, few enough to leave the api to others. */
const AT_ONCE = 6;

/** Ends sessions, one request each; a failure does not stop the others. */
export function useTerminateSessions() {
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, TerminationOutcome>>(new Map());
  const [running, setRunning] = useState(false);
  const refreshNodes = useRefreshNodes();
  const queryClient = useQueryClient();

  /** Resolves to the number of failures. */
  const run = async (sessions: readonly TerminableSession[], reason: string): Promise<number> => {
    let failed = 0;
    setRunning(true);
    const queue = [...sessions];
    const work = async () => {
      for (let session = queue.shift(); session; session = queue.shift()) {
        const key = sessionKey(session);
        const outcome = await terminate(session, reason);
        if (!outcome.ok) failed += 1;
        setOutcomes((before) => new Map(before).set(key, outcome));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    setRunning(false);
    refreshNodes();
    void queryClient.invalidateQueries({ queryKey: SESSIONS_KEY });
    return failed;
  };
  return { outcomes, running, run };
}

/** Ids of other engines' sessions are unique on their node only. */
export function sessionKey({ id, node }: Pick<TerminableSession, 'id' | 'node'>): string {
  return `${node ?? ''}/${id}`;
}

async function terminate({ id, node }: TerminableSession, reason: string): Promise<TerminationOutcome> {
  const query = reason === '' ? {} : { reason };
  try {
    await (node === null
      ? answerOf(terminateSession({ path: { id }, query }))
      : answerOf(terminateNodeSession({ path: { id: node, sessionId: id }, query })));
    return { ok: true };
  } catch (error) {
    return { ok: false, why: sentenceOf(error) };
  }
}
