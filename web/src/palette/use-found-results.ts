import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import {
  listAgentUpdates,
  listApiTokens,
  listDrains,
  listJoinTokens,
  listNodes,
  listSessions,
  type AgentUpdate,
  type DrainSet,
} from '../../../client/index.js';
import { grantText } from '../../../contract/grants.js';
import { whyNotAnywhere } from '../actions/offered-action.js';
import { answerOf } from '../api/answer-of.js';
import { nodePath } from '../nodes/node-path.js';
import { phaseWord } from '../parts/phase-word.js';
import { sessionPath } from '../sessions/sessions-path.js';
import { useLogin } from '../sign-in/login-context.js';
import { joinTokenName, joinTokenPath } from '../tokens/join-token-path.js';
import { matches, type PaletteResult } from './palette-result.js';
import { useExactResults } from './use-exact-results.js';

/** Maximum number of results per kind. */
const SHOWN = 6;
/** How many of the latest things of each kind are searched if the api cannot search them. */
const AMONG = 200;
/** How long data is searched before it is read again, in milliseconds. */
const FRESH_MS = 15_000;

type Target = Omit<PaletteResult, 'choose'> & { path: string };

/** Things in the cluster that match the input: nodes as by the list's search, the others by id and description, completely or (the latest) in part. */
export function useFoundResults(typed: string): {
  results: PaletteResult[];
  failure: Error | undefined;
  isPending: boolean;
} {
  const login = useLogin();
  const [, navigate] = useLocation();
  const read = <Items>(key: readonly string[], queryFn: (signal: AbortSignal) => Promise<Items>, isAllowed = true) => ({
    queryKey: ['palette', ...key],
    queryFn: ({ signal }: { signal: AbortSignal }) => queryFn(signal),
    enabled: typed !== '' && isAllowed,
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });
  const query = { limit: AMONG };
  const exact = useExactResults(typed, SHOWN);
  const [nodes, sessions, drains, updates, joinTokens, apiTokens] = useQueries({
    queries: [
      read(['nodes', typed], (signal) => answerOf(listNodes({ query: { q: typed, limit: SHOWN }, signal }))),
      read(['sessions'], (signal) => answerOf(listSessions({ query, signal }))),
      read(['drains'], (signal) => answerOf(listDrains({ query, signal }))),
      read(['updates'], (signal) => answerOf(listAgentUpdates({ query, signal }))),
      read(
        ['join'],
        (signal) => answerOf(listJoinTokens({ query, signal })),
        whyNotAnywhere(login, 'operator') === undefined,
      ),
      read(
        ['api'],
        (signal) => answerOf(listApiTokens({ query, signal })),
        whyNotAnywhere(login, 'admin') === undefined,
      ),
    ],
  });
  const all = [nodes, sessions, drains, updates, joinTokens, apiTokens];
  const targets: Target[] = [
    ...(nodes.data?.items ?? []).map(({ uid, id, phase }) => ({
      ...{ id: `node-${uid}`, group: 'Nodes', label: id, about: phaseWord(phase), icon: 'server' as const },
      path: nodePath(id),
    })),
    ...found(
      typed,
      sessions.data?.items,
      ({ id, principal, statement, node }) => [principal, id, statement, node],
      exact.sessions,
    ).map(({ id, principal, statement }) => ({
      ...{ id: `session-${id}`, group: 'Sessions', label: principal, about: statement, icon: 'menu' as const },
      path: sessionPath(id),
    })),
    ...found(typed, drains.data?.items, textsOfSet, exact.drains).map((set) => setTarget(set, '/drains', 'Drains')),
    ...found(typed, updates.data?.items, textsOfSet, exact.updates).map((set) =>
      setTarget(set, '/agent-updates', 'Agent updates'),
    ),
    ...found(typed, joinTokens.data?.items, ({ id, description, createdBy }) => [id, description, createdBy]).map(
      (token) => ({
        ...{ id: `join-${token.id}`, group: 'Join tokens', label: joinTokenName(token), icon: 'key' as const },
        path: joinTokenPath(token.id),
      }),
    ),
    ...found(typed, apiTokens.data?.items, (token) => [token.id, token.name, grantText(token)]).map((token) => ({
      ...{
        id: `api-${token.id}`,
        group: 'API tokens',
        label: token.name,
        about: grantText(token),
        icon: 'people' as const,
      },
      path: '/access',
    })),
  ];
  return {
    results: typed === '' ? [] : targets.map(({ path, ...target }) => ({ ...target, choose: () => navigate(path) })),
    failure: all.find(({ error }) => error !== null)?.error ?? exact.failure,
    isPending: exact.isPending || all.some(({ isFetching }) => isFetching),
  };
}

/** @param exact results found already */
function found<Item extends { id: string }>(
  typed: string,
  items: readonly Item[] | undefined,
  textsOf: (item: Item) => (string | null | undefined)[],
  exact: readonly Item[] = [],
): Item[] {
  const both = [...exact, ...(items ?? []).filter((item) => matches(typed, ...textsOf(item)))];
  return [...new Map(both.map((item) => [item.id, item])).values()].slice(0, SHOWN);
}

function textsOfSet(set: DrainSet | AgentUpdate): string[] {
  return [set.id, ...set.labels, set.reason, set.by, 'version' in set ? set.version : ''];
}

function setTarget({ id, labels, reason }: DrainSet | AgentUpdate, path: string, group: string): Target {
  return {
    id: `set-${id}`,
    group,
    label: labels.join(', '),
    about: reason || id,
    icon: 'drain',
    path: `${path}/${id}`,
  };
}
