import { useQueries } from '@tanstack/react-query';
import {
  getAgentUpdate,
  getDrain,
  getSession,
  listSessions,
  type AgentUpdate,
  type DrainSet,
  type Session,
} from '../../../client/index.js';
import { NODE_NAME_PATTERN } from '../../../contract/node-name.js';
import { answerOf } from '../api/answer-of.js';
import { ApiFailure } from '../api/api-failure.js';

/** Forms of Rollcall's ids; other engines may name their sessions differently. */
const SESSION_ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const SET_ID = /^[a-z0-9]{10}$/;

/** Things whose full id was typed, and sessions by their full principal or node, of any age; the other search looks at the latest only. */
export function useExactResults(
  text: string,
  limit: number,
): {
  sessions: Session[];
  drains: DrainSet[];
  updates: AgentUpdate[];
  failure: Error | undefined;
  isPending: boolean;
} {
  const isSession = SESSION_ID.test(text);
  const isSet = SET_ID.test(text);
  const read = <Items>(what: string, isAsked: boolean, queryFn: (signal: AbortSignal) => Promise<Items>) => ({
    queryKey: ['palette', what, text],
    queryFn: ({ signal }: { signal: AbortSignal }) => queryFn(signal),
    enabled: text !== '' && isAsked,
  });
  const path = { id: text };
  const all = useQueries({
    queries: [
      read(
        'principal',
        !isSession,
        async (signal) => (await answerOf(listSessions({ query: { principal: text, limit }, signal }))).items,
      ),
      read(
        'sessions-on',
        !isSession && NODE_NAME_PATTERN.test(text),
        async (signal) => (await answerOf(listSessions({ query: { node: text, limit }, signal }))).items,
      ),
      read('session', isSession, (signal) => oneOrNone(answerOf(getSession({ path, signal })))),
      read('drain', isSet, (signal) => oneOrNone(answerOf(getDrain({ path, signal })))),
      read('update', isSet, (signal) => oneOrNone(answerOf(getAgentUpdate({ path, signal })))),
    ],
  });
  const [ofPrincipal, onNode, session, drain, update] = all;
  return {
    sessions: [...(session.data ?? []), ...(ofPrincipal.data ?? []), ...(onNode.data ?? [])],
    drains: drain.data ?? [],
    updates: update.data ?? [],
    failure: all.find(({ error }) => error !== null)?.error ?? undefined,
    isPending: all.some(({ isFetching }) => isFetching),
  };
}

async function oneOrNone<Thing>(asked: Promise<Thing>): Promise<Thing[]> {
  try {
    return [await asked];
  } catch (error) {
    if (error instanceof ApiFailure && ['NOT_FOUND', 'SESSION_NOT_FOUND'].includes(error.code)) return [];
    throw error;
  }
}
