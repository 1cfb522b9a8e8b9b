import { afterEach, describe, expect, test } from '@jest/globals';
import {
  approveNode,
  createNode,
  removeNode,
  getNode,
  listNodeEvents,
  listNodes,
  regenerateBootstrapToken,
  rejectNode,
} from '../../../client/index.js';
import { EXIT } from '../../../agent/process/exit-codes.js';
import { startApi, useApi } from '../../support/api/api-under-test.js';
import { eventually } from '../../support/eventually.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { Relay } from '../../support/relay.js';
import { NewerApi } from '../../support/agent/newer-api.js';
import { RunningAgent, type AgentOptions } from '../../support/agent/running-agent.js';

/** Agents against a real api over a real MongoDB. Without Temporal, which agents do not need. */

/** The agents' clock runs fast, so their interval is the default one. */
const BY_DEFAULT = { 'Compute.Heartbeat.Interval': '15s' };

const api = useApi({ settings: BY_DEFAULT });
const agents: RunningAgent[] = [];

afterEach(async () => {
  await Promise.allSettled(agents.splice(0).map((agent) => agent.stop()));
});
async function start(options: Partial<AgentOptions> & { name: string }): Promise<RunningAgent> {
  const agent = new RunningAgent({
    orchestrators: [api.url],
    token: api.joinToken,
    stateDir: await temporaryFolder(),
    ...options,
  });
  agents.push(agent);
  return agent;
}

async function nodeNamed(id: string) {
  const { data, error } = await getNode({ client: api.admin, path: { id } });
  if (!data) throw new Error(JSON.stringify(error));
  return data;
}

async function slot(name: string): Promise<string> {
  const { data, error } = await createNode({ client: api.admin, body: { name } });
  if (!data) throw new Error(JSON.stringify(error));
  return data.bootstrapToken;
}

/** 0 if there was none, or there is no such node. */
async function lastHeartbeatOf(id: string): Promise<number> {
  const { data } = await getNode({ client: api.admin, path: { id } });
  return Date.parse(data?.lastHeartbeat ?? '') || 0;
}

async function beatsAgain(id: string): Promise<void> {
  const before = await lastHeartbeatOf(id);
  await eventually(async () => expect(await lastHeartbeatOf(id)).toBeGreaterThan(before));
}

test('joins with a token, sends heartbeats and information, and says goodbye', async () => {
  const agent = await start({ name: 'joins' });
  await beatsAgain('joins');
  await beatsAgain('joins');
  const node = await nodeNamed('joins');
  expect(node.info).toMatchObject({ hostname: 'host-1' });
  expect(node.resources?.memory.totalBytes).toBeGreaterThan(0);
  await agent.stop();
  expect(agent.log.text).toContain('said goodbye: SIGTERM');
  const { data: events } = await listNodeEvents({ client: api.admin, path: { id: 'joins' } });
  expect(JSON.stringify(events?.items)).toContain('SIGTERM');
  expect(agent.log.text).not.toContain(api.joinToken);
});

test('keeps its identity across a restart and registers only once', async () => {
  const stateDir = await temporaryFolder();
  const before = await start({ name: 'restarts', stateDir });
  await beatsAgain('restarts');
  const { uid } = await nodeNamed('restarts');
  await before.stop();
  const after = await start({ name: 'restarts', stateDir });
  await beatsAgain('restarts');
  expect((await nodeNamed('restarts')).uid).toBe(uid);
  expect(after.log.text).not.toContain('joined the cluster');
  const { data } = await listNodes({ client: api.admin, query: { q: 'restarts' } });
  expect(data?.items).toHaveLength(1);
});

test('gets the same node after losing the answer to its registration, and uses up one token only', async () => {
  const stateDir = await temporaryFolder();
  const token = await slot('lost-answer');
  const crashing = await start({
    name: 'lost-answer',
    token,
    stateDir,
    parts: ({ plane }) => ({
      plane: Object.assign(Object.create(plane), {
        async register(...call: Parameters<typeof plane.register>) {
          await plane.register(...call);
          throw new Error('power cut');
        },
      }),
    }),
  });
  expect(await crashing.ended).toMatchObject({ message: 'power cut' });
  await start({ name: 'lost-answer', token, stateDir });
  await beatsAgain('lost-answer');
});

test('works with a newer api: ignores unknown fields, and logs where they matter', async () => {
  const newer = await new NewerApi(api.url).start();
  try {
    const agent = await start({ name: 'older', orchestrators: [newer.url] });
    await beatsAgain('older');
    newer.values = { availability: 'QUARANTINED' };
    await agent.logged('older is QUARANTINED: this agent is older than the api, and does not know what that means');
    await beatsAgain('older');
    newer.values = {};
    await agent.logged('older is active: it may get sessions');
  } finally {
    await newer.stop();
  }
});

describe('a node that awaits approval', () => {
  test('logs it once, and goes on when it is approved', async () => {
    const agent = await start({ name: 'waits', token: await slot('waits') });
    await agent.logged('info waits awaits approval (rollcall node approve waits)');
    await beatsAgain('waits');
    await approveNode({ client: api.admin, path: { id: 'waits' }, body: {} });
    await agent.logged('info waits is approved');
    await beatsAgain('waits');
    expect(agent.log.lines.filter(({ text }) => text.includes('awaits'))).toHaveLength(1);
  });
});

describe('a node that is rejected', () => {
  test("logs the administrator's message once, keeps asking, and comes back when it is approved", async () => {
    const agent = await start({ name: 'rejected' });
    await beatsAgain('rejected');
    await rejectNode({ client: api.admin, path: { id: 'rejected' }, body: { message: 'Unauthorized node' } });
    await agent.logged(/error rejected was rejected: .*Unauthorized node.*; asking again every 30 s/);
    await approveNode({ client: api.admin, path: { id: 'rejected' }, body: {} });
    await beatsAgain('rejected');
    await agent.logged(/asking again every 30 s\ninfo rejected is approved/);
    expect(agent.log.lines.filter(({ text }) => text.includes('Unauthorized node'))).toHaveLength(1);
  });

  test('logs a changed message', async () => {
    const agent = await start({ name: 'rejected-twice' });
    await beatsAgain('rejected-twice');
    await rejectNode({ client: api.admin, path: { id: 'rejected-twice' }, body: { message: 'first reason' } });
    await agent.logged('first reason');
    await approveNode({ client: api.admin, path: { id: 'rejected-twice' }, body: {} });
    await rejectNode({ client: api.admin, path: { id: 'rejected-twice' }, body: { message: 'second reason' } });
    await agent.logged('second reason');
  });
});

describe('a node that was removed', () => {
  test('ends with a sentence and its own exit code, at the next start too', async () => {
    const stateDir = await temporaryFolder();
    const agent = await start({ name: 'removed', stateDir });
    await beatsAgain('removed');
    await removeNode({ client: api.admin, path: { id: 'removed' } });
    expect(await agent.ended).toMatchObject({
      exitCode: EXIT.removed,
      message: expect.stringMatching(
        /^removed was removed from the cluster; .*set Compute\.Auth\.Token to a new token/,
      ),
    });
    const again = await start({ name: 'removed', stateDir });
    expect(await again.ended).toMatchObject({ exitCode: EXIT.removed });
    const { data } = await listNodes({ client: api.admin, query: { q: 'removed' } });
    expect(data?.items).toEqual([]);
  });

  test('does not join again by itself with a leftover token, but when it starts with a new one', async () => {
    const stateDir = await temporaryFolder();
    const first = await start({ name: 'rejoins', stateDir, token: await slot('rejoins') });
    await first.logged('awaits approval');
    const { uid } = await nodeNamed('rejoins');
    await first.stop();
    const withNewToken = await start({ name: 'rejoins', stateDir });
    await beatsAgain('rejoins');
    await removeNode({ client: api.admin, path: { id: 'rejoins' } });
    expect(await withNewToken.ended).toMatchObject({ exitCode: EXIT.removed });
    const restarted = await start({ name: 'rejoins', stateDir });
    await restarted.logged('joined the cluster as rejoins');
    await beatsAgain('rejoins');
    expect((await nodeNamed('rejoins')).uid).not.toBe(uid);
  });
});

describe('a node whose token was regenerated', () => {
  test('logs it, keeps asking, and keeps its id when it starts with the new token', async () => {
    const stateDir = await temporaryFolder();
    const agent = await start({ name: 'regenerated', stateDir });
    await beatsAgain('regenerated');
    const { uid } = await nodeNamed('regenerated');
    const { data } = await regenerateBootstrapToken({ client: api.admin, path: { id: 'regenerated' }, body: {} });
    await agent.logged('does not accept the credential of regenerated any more');
    await agent.stop();
    const token = data?.bootstrapToken ?? '';
    const renewed = await start({ name: 'regenerated', stateDir, token });
    await renewed.logged('joining again with the new token');
    await beatsAgain('regenerated');
    expect((await nodeNamed('regenerated')).uid).toBe(uid);
    await renewed.stop();
    const later = await start({ name: 'regenerated', stateDir, token });
    await beatsAgain('regenerated');
    expect(later.log.text).not.toContain('joining again');
  });
});

describe('an agent that cannot join ends with one sentence', () => {
  test('without a token', async () => {
    const agent = await start({
      name: 'none',
      parts: ({ settings }) => ({ settings: { ...settings, token: undefined } }),
    });
    expect(await agent.ended).toMatchObject({
      exitCode: EXIT.misconfigured,
      message: expect.stringMatching(
        /^This machine has not joined a cluster yet \(there is no .*identity\.json\) and has no token .*"rollcall node register none" and set it as Compute\.Auth\.Token$/,
      ),
    });
  });

  test('with a wrong token', async () => {
    const agent = await start({ name: 'wrong', token: 'rcj_0123456789abcdef_nonsense' });
    expect(await agent.ended).toMatchObject({
      exitCode: EXIT.refused,
      message: expect.stringMatching(/^The orchestrator refuses the token in Compute\.Auth\.Token/),
    });
  });

  test('with a name that another node has', async () => {
    await start({ name: 'taken' });
    await beatsAgain('taken');
    const agent = await start({ name: 'taken' });
    expect(await agent.ended).toMatchObject({
      exitCode: EXIT.refused,
      message: expect.stringMatching(/^The orchestrator refuses to let taken join: .*taken/),
    });
  });

  test('with labels that the api refuses', async () => {
    const agent = await start({
      name: 'labels',
      parts: ({ settings }) => ({ settings: { ...settings, labels: { '?': 'x' } } }),
    });
    expect(await agent.ended).toMatchObject({
      exitCode: EXIT.misconfigured,
      message: expect.stringMatching(/^The orchestrator refuses this node's configuration: labels/),
    });
  });
});

describe('while the api is unreachable', () => {
  test('a running agent keeps trying, logs when it lost contact and for how long, and does not register again', async () => {
    const relay = await new Relay(api.url).start();
    try {
      const agent = await start({ name: 'away', orchestrators: [relay.url] });
      await beatsAgain('away');
      relay.cut();
      await agent.logged(
        /warn heartbeats do not get through, and are tried again: .*(nothing listens there|the connection broke)/,
      );
      const another = await startApi({
        mongoUri: api.mongoUri,
        settings: { ...BY_DEFAULT, 'Orchestrator.Name': 'node-00' },
        tokens: { admin: api.adminToken, join: api.joinToken },
      });
      try {
        relay.mend(another.url);
        await agent.logged(/info heartbeats get through again, after \d/);
        await beatsAgain('away');
      } finally {
        relay.cut();
        await another.close();
      }
      expect(agent.log.lines.filter(({ text }) => text.includes('joined the cluster'))).toHaveLength(1);
    } finally {
      await relay.stop();
    }
  });

  test('an agent waits at its first start', async () => {
    const relay = await new Relay(api.url).start();
    relay.cut();
    try {
      const agent = await start({ name: 'early', orchestrators: [relay.url] });
      await agent.logged('warn cannot join yet, and keeps trying');
      relay.mend();
      await beatsAgain('early');
    } finally {
      await relay.stop();
    }
  });

  test('a stop request ends the wait', async () => {
    const agent = await start({ name: 'stops', orchestrators: ['http://127.0.0.1:2'] });
    await agent.logged('cannot join yet');
    await agent.stop();
  });
});
