import { randomUUID } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { createAgentUpdate, createApiToken, createDrain, editNode } from '../../../client/index.js';
import type { Role } from '../../../contract/grants.js';
import { NO_RESOURCES } from '../../../contract/sessions.js';
import { ACCESS_EXTENSION, REACH_EXTENSION, ROLE_REACHES } from '../../../src/auth/access.decorators.js';
import { BEFORE_ITS_BEGIN } from '../../../src/sessions/session-record.js';
import { SessionStore } from '../../../src/sessions/session-store.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { useApi } from '../../support/api/api-under-test.js';
import { alignedTable } from '../../support/aligned-table.js';
import { expectGolden } from '../../support/golden.js';

// The access matrix of callers with a scope: every route above viewer, about a node in the scope and one outside.

const VERSION = '9.9.9';
const packages = await mkdtemp(join(tmpdir(), 'rollcall-packages-'));
await writeFile(join(packages, 'SHA256SUMS'), `${'0'.repeat(64)}  rollcall-agent_${VERSION}_x64.tar.gz\n`);
await writeFile(join(packages, 'SHA256SUMS.sig'), 'agents alone know whose is good');

const api = useApi({
  settings: { 'Orchestrator.AgentUpdates.Enabled': 'true', 'Orchestrator.API.PackagesDir': packages },
});

/** Names of nodes, and the values of their label `pool`. */
const PLACES = ['inside', 'outside'] as const;
type Place = (typeof PLACES)[number];

interface Route {
  method: string;
  path: string;
  role: Role;
  reach: (typeof ROLE_REACHES)[number] | undefined;
  hasDryRun: boolean;
}

const tokens = new Map<Role, string>();
/** Objects in each place, besides its node. */
const things = new Map<Place, Record<'session' | 'drain' | 'update', string>>();

beforeAll(async () => {
  const { admin } = api;
  for (const role of ['operator', 'admin'] as const) {
    const body = { name: `pool-${role}`, role, scope: ['pool=inside'] };
    tokens.set(role, (await createApiToken({ client: admin, body, throwOnError: true })).data.token);
  }
  for (const place of PLACES) {
    const { uid } = await new AgentUnderTest(api).join(api.joinToken, place);
    await editNode({ client: admin, path: { id: place }, body: { labels: { pool: place } }, throwOnError: true });
    const labels = [`pool=${place}`];
    const drain = await createDrain({ client: admin, body: { labels }, throwOnError: true });
    const update = await createAgentUpdate({ client: admin, body: { labels, version: VERSION }, throwOnError: true });
    things.set(place, {
      session: await sessionOn({ uid, name: place }),
      drain: drain.data.id,
      update: update.data.id,
    });
  }
});

async function sessionOn(node: { uid: string; name: string }): Promise<string> {
  const id = randomUUID();
  await api.app.get(SessionStore).create({
    ...{ key: id, id, kind: 'managed', principal: 'ana', statement: 'select 1', sql: 'select 1', state: 'RUNNING' },
    ...{ reason: '', node, resources: NO_RESOURCES, labels: {}, openedBy: 'admin', openedAt: Date.now() },
    ...BEFORE_ITS_BEGIN,
  });
  return id;
}

async function closedRoutes(): Promise<Route[]> {
  const { paths } = (await (await api.raw('/openapi.json')).json()) as OpenAPIObject;
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations as Record<string, Record<string, unknown>>).flatMap(([method, operation]) => {
      const role = operation[ACCESS_EXTENSION] as Role;
      if (!tokens.has(role)) return [];
      const parameters = (operation['parameters'] ?? []) as { name: string }[];
      return [
        {
          ...{ method: method.toUpperCase(), path, role, reach: operation[REACH_EXTENSION] as Route['reach'] },
          hasDryRun: parameters.some(({ name }) => name === 'dryRun'),
        },
      ];
    }),
  );
}

/** A well-formed request about something in the place, which changes nothing. */
function requestAbout(place: Place, { method, path, reach, hasDryRun }: Route): { address: string; body: unknown } {
  const { session, drain, update } = things.get(place) ?? { session: '', drain: '', update: '' };
  const labels = { pool: place };
  const ids: [RegExp, string][] = [
    [/^\/v1\/nodes\b/, place],
    [/^\/v1\/sessions\b/, session],
    [/^\/v1\/drains\b/, drain],
    [/^\/v1\/agent-updates\b/, update],
  ];
  const bodies: Record<string, unknown> = {
    'POST /v1/nodes': { name: `new-${place}`, labels },
    'PATCH /v1/nodes/{id}': { description: 'by somebody' },
    'POST /v1/sessions': { principal: 'ana', sql: 'select 1', labels },
    'POST /v1/drains': { labels: [`pool=${place}`] },
    'POST /v1/agent-updates': { labels: [`pool=${place}`], version: VERSION },
  };
  const id = ids.find(([prefix]) => prefix.test(path))?.[1];
  // A new kind of route needs a request about a node of the place here.
  if (reach === 'nodes' && id === undefined) throw new Error(`of which node would ${method} ${path} be?`);
  const address = path.replace('{id}', id ?? '0000000000000000').replace('{sessionId}', session);
  const body = method === 'GET' || method === 'DELETE' ? undefined : (bodies[`${method} ${path}`] ?? {});
  return { address: hasDryRun ? `${address}?dryRun=true` : address, body };
}

async function ask(route: Route, place: Place): Promise<{ status: number; code?: string; detail?: string }> {
  const { address, body } = requestAbout(place, route);
  const response = await api.raw(address, {
    method: route.method,
    headers: {
      authorization: `Bearer ${tokens.get(route.role)}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { ...(isJson ? (JSON.parse(text) as object) : {}), status: response.status };
}

test('every route above viewer declares what scopes mean for it', async () => {
  const routes = await closedRoutes();
  expect(routes.length).toBeGreaterThan(25);
  expect(routes.filter(({ reach }) => reach === undefined || !ROLE_REACHES.includes(reach))).toEqual([]);
});

test('routes about nodes accept those in the scope and refuse the others, and routes about more are refused', async () => {
  const lines = [['', '', 'role', 'is about', ...PLACES]];
  const wrong: string[] = [];
  for (const route of await closedRoutes()) {
    const { method, path, role, reach } = route;
    const [inside, outside] = [await ask(route, 'inside'), await ask(route, 'outside')];
    lines.push([method, path, role, reach ?? '', String(inside.status), String(outside.status)]);
    const isLetIn = ({ status }: typeof inside) => ![401, 403].includes(status) && status < 500;
    const isRefused = ({ code, detail = '' }: typeof inside, why: string) =>
      code === 'FORBIDDEN' && detail.includes(why);
    const isRight = {
      // It looks for one inside among all nodes.
      nodes: () =>
        isLetIn(inside) &&
        (path === '/v1/sessions'
          ? outside.detail?.includes('1 node is outside')
          : isRefused(outside, 'node outside (pool=outside) is outside') ||
            isRefused(outside, 'node new-outside (pool=outside) is outside')),
      cluster: () => isRefused(inside, 'more than those nodes') && isRefused(outside, 'more than those nodes'),
      sees: () => isLetIn(inside) && isLetIn(outside),
    }[reach ?? 'cluster'];
    if (!isRight()) wrong.push(`${method} ${path}: ${JSON.stringify({ inside, outside })}`);
  }
  expect(wrong).toEqual([]);
  await expectGolden(new URL('../../golden/api/access-matrix-scopes.txt', import.meta.url), alignedTable(lines));
}, 60_000);
