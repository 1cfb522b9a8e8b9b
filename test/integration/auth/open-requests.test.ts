import { randomUUID } from 'node:crypto';
import { getConnectionToken } from '@nestjs/mongoose';
import { describe, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import {
  createApiToken,
  removeNode,
  regenerateBootstrapToken,
  rejectNode,
  revokeApiToken,
  rotateApiToken,
  type CreateApiTokenRequest,
} from '../../../client/index.js';
import { ApiTokenStore } from '../../../src/auth/api-token-store.js';
import { mintToken } from '../../../src/auth/secret-token.js';
import { NO_RESOURCES } from '../../../contract/sessions.js';
import { OpenRequests } from '../../../src/auth/open-requests.js';
import { API_TOKENS } from '../../../src/mongo/schemas/api-token.schema.js';
import { AppliedDecisions } from '../../../src/decisions/applied-decisions.js';
import { NodeStore } from '../../../src/record/node-store.js';
import { SessionCommands } from '../../../src/sessions/session-commands.js';
import { BEFORE_ITS_BEGIN, type SessionRecord } from '../../../src/sessions/session-record.js';
import { SessionStore } from '../../../src/sessions/session-store.js';
import { eventually } from '../../support/eventually.js';
import { EVERYWHERE } from '../../../src/auth/reach.js';
import { useIssuer } from '../../support/oidc-issuer.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { useApi, useReplicaOf } from '../../support/api/api-under-test.js';

/** Open requests and streams at one replica are ended by what is done at the other. */

const issuer = useIssuer();
const settings = () => ({
  'Orchestrator.Auth.OIDC.Issuer': issuer.url,
  'Orchestrator.Auth.OIDC.Audience': 'rollcall',
  'Orchestrator.Auth.OIDC.RolesClaim': 'realm.groups',
  'Orchestrator.Auth.OIDC.RoleMapping': 'rollcall-operators=operator',
});
const api = useApi({ settings });
const other = useReplicaOf(api, { settings });

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

async function newToken(role: CreateApiTokenRequest['role'] = 'viewer') {
  const { data, error } = await createApiToken({
    client: api.admin,
    body: { name: `reader-${randomUUID().slice(0, 8)}`, role },
  });
  if (!data) throw new Error(JSON.stringify(error));
  return { id: data.apiToken.id, text: data.token };
}

/** Written directly, since the api creates none that expire within a minute. */
async function tokenUntil(expiresAt: number): Promise<string> {
  const { id, secretHash, text } = mintToken('rca');
  await api.app.get(ApiTokenStore).create({
    id,
    name: `brief-${id}`,
    role: 'viewer',
    secretHash,
    createdAt: Date.now(),
    createdBy: 'test',
    expiresAt,
    lastUsedAt: null,
    revokedAt: null,
  });
  return text;
}

/** Follows events at the other replica. @returns its output, once it has ended */
async function stream(init: RequestInit): Promise<{ begun: Promise<Response>; ended: Promise<string> }> {
  const begun = other.raw('/v1/events', init);
  return { begun, ended: begun.then((response) => response.text()) };
}

/** A request for a session of the node, or of an unknown one, that would stay open. */
async function session(state: SessionRecord['state'], node: SessionRecord['node'] = null): Promise<string> {
  const id = randomUUID();
  await api.app.get(SessionStore).create({
    ...{
      key: id,
      id,
      kind: 'managed',
      principal: 'ana',
      statement: 'select 1',
      sql: 'select 1',
      state,
      reason: '',
      node,
      resources: NO_RESOURCES,
      labels: {},
    },
    ...{
      openedBy: 'admin',
      openedAt: Date.now(),
      ...BEFORE_ITS_BEGIN,
    },
  });
  return id;
}

describe('an event stream ends with', () => {
  test('the token that opened it', async () => {
    const { id, text } = await newToken();
    const { begun, ended } = await stream(bearer(text));
    expect((await begun).status).toBe(200);
    await revokeApiToken({ client: api.admin, path: { id } });
    expect(await ended).not.toContain('event: error');
  });

  test('the secret that opened it, when another has replaced it', async () => {
    const { id, text } = await newToken();
    const [former, later] = [await stream(bearer(text)), await stream(bearer(text))];
    expect([(await former.begun).status, (await later.begun).status]).toEqual([200, 200]);
    const rotate = (overlap: string) => rotateApiToken({ client: api.admin, path: { id }, body: { overlap } });
    const rotated = await rotate('1s');
    // A stream opened by the new secret goes on.
    const own = await stream(bearer(rotated.data!.token));
    expect((await own.begun).status).toBe(200);
    await Promise.all([former.ended, later.ended]);
    await rotate('0s');
    await own.ended;
  });

  test('the expiry of its token', async () => {
    const { begun, ended } = await stream(bearer(await tokenUntil(Date.now() + 3_000)));
    expect((await begun).status).toBe(200);
    await ended;
  });

  test("the expiry of an issuer's token", async () => {
    const now = Math.floor(Date.now() / 1_000);
    const { begun, ended } = await stream(bearer(await issuer.sign({ exp: now + 3 })));
    expect((await begun).status).toBe(200);
    await ended;
  });

  test('a role that is no longer sufficient', async () => {
    const { id, text } = await newToken();
    const { begun, ended } = await stream(bearer(text));
    expect((await begun).status).toBe(200);
    // No route changes a role, so the database is changed.
    await api.app
      .get<Connection>(getConnectionToken())
      .collection<{ _id: string }>(API_TOKENS)
      .updateOne({ _id: id }, { $set: { role: 'nobody' } });
    await ended;
  });

  test("the login that opened it, and the login's token", async () => {
    const { id, text } = await newToken();
    const logIn = async () => {
      const response = await api.raw('/v1/login', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token: text }),
      });
      const [cookie = ''] = response.headers.getSetCookie();
      // The name of a cookie contains its replica's port.
      return cookie.split(';', 1)[0]!.replace(new URL(api.url).port, new URL(other.url).port);
    };
    const [first, second] = [await logIn(), await logIn()];
    const [one, two] = [await stream({ headers: { cookie: first } }), await stream({ headers: { cookie: second } })];
    expect([(await one.begun).status, (await two.begun).status]).toEqual([200, 200]);
    const logOut = await api.raw('/v1/login', {
      method: 'DELETE',
      headers: { cookie: first.replace(new URL(other.url).port, new URL(api.url).port), 'x-rollcall-csrf': '1' },
    });
    expect(logOut.status).toBe(204);
    await one.ended;
    await revokeApiToken({ client: api.admin, path: { id } });
    await two.ended;
  });
});

test('a request that waits for a session is answered with 401 when its token is revoked', async () => {
  const { id, text } = await newToken();
  const asked = other.raw(`/v1/sessions/${await session('RUNNING')}?wait=1m`, bearer(text));
  await eventually(() => expect(other.app.get(OpenRequests).size).toBeGreaterThan(0));
  await revokeApiToken({ client: api.admin, path: { id } });
  const answer = await asked;
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({ code: 'UNAUTHENTICATED' });
});

test("a request does not wait for a decision beyond the end of its caller's credential", async () => {
  const agent = await new AgentUnderTest(api).join(api.joinToken, 'decided');
  const node = await api.app.get(NodeStore).findByUid(agent.uid);
  const end = new AbortController();
  const waiting = api.app.get(AppliedDecisions).waitFor(node!, 86_400_000, end.signal);
  end.abort();
  expect(await waiting).toMatchObject({ applied: false, node: { name: 'decided' } });
});

describe("a node's request for commands ends with", () => {
  /** A node that sends its request to the other replica. */
  async function asking(name: string) {
    const agent = await new AgentUnderTest(api).join(api.joinToken, name);
    const accessToken = await agent.authenticate();
    const asked = other.raw('/v1/agent/commands?wait=30s', bearer(accessToken));
    await eventually(() => expect(other.app.get(OpenRequests).size).toBeGreaterThan(0));
    return { agent, asked };
  }

  test.each<[string, (name: string) => Promise<{ error?: unknown }>, number, string]>([
    ['its credential', (id) => regenerateBootstrapToken({ client: api.admin, path: { id } }), 401, 'UNAUTHENTICATED'],
    [
      'its approval',
      (id) => rejectNode({ client: api.admin, path: { id }, body: { message: 'no' } }),
      403,
      'NODE_REJECTED_BY_ADMINISTRATOR',
    ],
    ['the node', (id) => removeNode({ client: api.admin, path: { id } }), 410, 'NODE_REMOVED'],
  ])('%s', async (what, end, status, code) => {
    const name = `asks-${what.replace(/\W/g, '')}`;
    const { asked } = await asking(name);
    expect((await end(name)).error).toBeUndefined();
    const answer = await asked;
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code });
  });

  test('and gets no session afterwards', async () => {
    const { agent, asked } = await asking('late');
    const node = { uid: agent.uid, name: 'late' };
    await regenerateBootstrapToken({ client: api.admin, path: { id: 'late' } });
    await asked;
    const placing = await session('PLACING');
    expect(await api.app.get(SessionStore).assign([{ key: placing, reach: EVERYWHERE }], node)).toBe('out of service');
    // One that was assigned right before.
    await session('ASSIGNED', node);
    const claims = {
      ended: new AbortController().signal,
      confirm: () => agent.commands().then(({ error }) => Promise.reject(new Error(error?.code))),
    };
    await expect(other.app.get(SessionCommands).next(agent.uid, 0, claims)).rejects.toThrow('UNAUTHENTICATED');
  });
});
