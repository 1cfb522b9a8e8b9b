import { beforeAll, expect, test } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import {
  createApiToken,
  createJoinToken,
  removeNode,
  getNode,
  listNodeEvents,
  regenerateBootstrapToken,
  rejectNode,
} from '../../../client/index.js';
import { mayActAs, ROLES, type Role } from '../../../contract/grants.js';
import { ACCESS_EXTENSION } from '../../../src/auth/access.decorators.js';
import { alignedTable } from '../../support/aligned-table.js';
import { expectGolden } from '../../support/golden.js';
import { AgentUnderTest, INFO, RESOURCES } from '../../support/api/agent-under-test.js';
import { useApi } from '../../support/api/api-under-test.js';

const AGENTS = ['pending', 'own', 'other', 'rejected', 'revoked', 'removed'] as const;
const CALLERS = ['anonymous', ...ROLES, ...AGENTS] as const;
type Caller = (typeof CALLERS)[number];

/** A route's declaration in openapi.json. */
const DECLARATIONS = ['public', 'stranger', 'agent', ...ROLES] as const;
type Declaration = (typeof DECLARATIONS)[number];

interface Route {
  method: string;
  path: string;
  declared: Declaration | undefined;
}

const api = useApi({
  // The matrix is full of wrong credentials, whose limits are tested elsewhere.
  settings: { 'Orchestrator.API.MaxWrongCredentialsPerSecond': '1000' },
});
const tokens = new Map<Caller, string>();
const own = { bootId: crypto.randomUUID() };

beforeAll(async () => {
  for (const role of ROLES) {
    const { data } = await createApiToken({ client: api.admin, body: { name: `a-${role}`, role } });
    tokens.set(role, data?.token ?? '');
  }
  const { data } = await createJoinToken({ client: api.admin, body: { autoApprove: false } });
  for (const name of AGENTS) {
    const agent = await new AgentUnderTest(api).join(name === 'pending' ? (data?.token ?? '') : api.joinToken, name);
    tokens.set(name, await agent.authenticate());
  }
  const path = (id: string) => ({ client: api.admin, path: { id } });
  await rejectNode({ ...path('rejected'), body: { message: 'no' } });
  await regenerateBootstrapToken(path('revoked'));
  await removeNode(path('removed'));
});
async function servedRoutes(): Promise<Route[]> {
  const { paths } = (await (await api.raw('/openapi.json')).json()) as OpenAPIObject;
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations as Record<string, Record<string, unknown>>).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      declared: operation[ACCESS_EXTENSION] as Declaration | undefined,
    })),
  );
}

/** Well-formed, about things that do not exist, so that accepted requests change nothing. Agents name themselves, and `other` names `own`. */
function requestFor({ method, path }: Route, caller: Caller): { address: string; body: unknown } {
  const node = caller === 'other' ? 'own' : (AGENTS as readonly string[]).includes(caller) ? caller : 'nobody';
  const address = path
    .replace('{id}', path.includes('-tokens/') ? '0000000000000000' : node)
    .replace('{sessionId}', 'none');
  const bodies: Record<string, unknown> = {
    '/v1/agent/register': {
      token: 'rcj_wrong',
      publicKey: new AgentUnderTest(api).publicKey,
      info: INFO,
      bootId: crypto.randomUUID(),
    },
    '/v1/agent/token': { assertion: 'wrong' },
    '/v1/agent/heartbeat': {
      bootId: caller === 'other' ? own.bootId : crypto.randomUUID(),
      seq: 99,
      resources: RESOURCES,
    },
    '/v1/agent/info': { ...INFO, hostname: caller },
    '/v1/agent/goodbye': { bootId: own.bootId, reason: caller },
    '/v1/login': { token: 'wrong' },
  };
  return { address, body: method === 'GET' || method === 'DELETE' ? undefined : (bodies[path] ?? {}) };
}

async function ask(route: Route, caller: Caller): Promise<number> {
  const { address, body } = requestFor(route, caller);
  const token = tokens.get(caller);
  const stream = new AbortController();
  const response = await api.raw(address, {
    method: route.method,
    signal: stream.signal,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // An event stream would never end.
  stream.abort();
  return response.status;
}

const OF_THE_APPROVED = new Set(['/v1/agent/commands', '/v1/agent/sessions', '/v1/agent/availability']);

/** Undefined: the caller is accepted, whatever the answer is then. */
function refusalFor(declared: Declaration, caller: Caller, path: string): number | undefined {
  const isAgent = (AGENTS as readonly string[]).includes(caller);
  if (declared === 'public' || declared === 'stranger') return undefined;
  // A pending node announces itself, has no sessions, and decides nothing.
  if (declared === 'agent' && caller === 'pending' && OF_THE_APPROVED.has(path)) return 403;
  if (declared === 'agent') return isAgent ? { rejected: 403, revoked: 401, removed: 410 }[caller as string] : 401;
  if (isAgent || caller === 'anonymous') return 401;
  return mayActAs(caller as Role, declared) ? undefined : 403;
}

test('every route declares who may call it', async () => {
  const routes = await servedRoutes();
  expect(routes.length).toBeGreaterThan(25);
  expect(routes.filter(({ declared }) => declared === undefined || !DECLARATIONS.includes(declared))).toEqual([]);
});

test('every route answers every caller as declared', async () => {
  const lines = [['', '', 'declared', ...CALLERS]];
  const wrong: string[] = [];
  for (const route of await servedRoutes()) {
    const { method, path, declared } = route;
    if (declared === undefined) continue;
    const answers: number[] = [];
    for (const caller of CALLERS) answers.push(await ask(route, caller));
    lines.push([method, path, declared, ...answers.map(String)]);
    CALLERS.forEach((caller, at) => {
      const [answer, refusal] = [answers[at] ?? 0, refusalFor(declared, caller, path)];
      // Answers to accepted callers are equal; a stranger's credentials are in the body.
      const isOpen = declared === 'public' || declared === 'stranger';
      const letIn = isOpen
        ? answer === answers[0] && (declared === 'stranger' || ![401, 403].includes(answer))
        : ![401, 403, 410, 429].includes(answer) && answer < 500;
      if (refusal === undefined ? !letIn : answer !== refusal)
        wrong.push(`${method} ${path} (${declared}) answered ${caller} with ${answer}`);
    });
  }
  expect(wrong).toEqual([]);
  await expectGolden(new URL('../../golden/api/access-matrix.txt', import.meta.url), alignedTable(lines));
}, 60_000);

test('a request in the name of another node changes nothing about that node', async () => {
  const { data } = await getNode({ client: api.admin, path: { id: 'own' } });
  expect(data).toMatchObject({ phase: 'WAITING', copied: null, info: { hostname: 'own' } });
  const { data: events } = await listNodeEvents({ client: api.admin, path: { id: 'own' } });
  expect(events?.items.filter(({ by }) => by !== 'agent:own' && by !== 'system')).toEqual([]);
});
