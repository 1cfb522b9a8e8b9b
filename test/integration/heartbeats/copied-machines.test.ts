import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { getNode, listNodeEvents, regenerateBootstrapToken } from '../../../client/index.js';
import { isPlaceable, obstacleTo, type Placeable } from '../../../contract/placement.js';
import { bootVerdict } from '../../../src/heartbeats/boot-verdict.js';
import { NodeStore } from '../../../src/record/node-store.js';
import { nodeEvent } from '../../../src/record/node-event.js';
import { eventually } from '../../support/eventually.js';
import { AgentUnderTest, RESOURCES } from '../../support/api/agent-under-test.js';
import { useApi, useReplicaOf } from '../../support/api/api-under-test.js';

const api = useApi();
const otherReplica = useReplicaOf(api);

const node = async (id: string) => (await getNode({ client: api.admin, path: { id } })).data;
const copyEvents = async (id: string) =>
  (await listNodeEvents({ client: api.admin, path: { id } })).data?.items.filter(
    ({ type }) => type === 'IdentityCopied',
  ) ?? [];

/** The same machine, cloned with its disk: it starts its own boot with the same key. */
async function copyOf(agent: AgentUnderTest, replica = api): Promise<AgentUnderTest> {
  const copy = new AgentUnderTest(replica);
  Object.assign(copy, { keys: agent.keys, uid: agent.uid });
  await copy.authenticate();
  return copy;
}

async function joined(name: string): Promise<AgentUnderTest> {
  return new AgentUnderTest(api).join(api.joinToken, name);
}

const status = async (beat: ReturnType<AgentUnderTest['beat']>) => (await beat).response?.status;

describe('two machines with one identity', () => {
  test('are detected by the second heartbeat of the first: both are named, once, and both may go on beating', async () => {
    const original = await joined('cloned');
    const copy = await copyOf(original);
    for (const agent of [original, copy]) expect(await status(agent.beat())).toBe(200);
    expect((await node('cloned'))?.copied).toBeNull();
    for (const agent of [original, copy, original, copy]) expect(await status(agent.beat())).toBe(200);
    const { copied } = (await node('cloned')) ?? {};
    expect(copied?.bootIds.toSorted()).toEqual([original.bootId, copy.bootId].toSorted());
    expect(await copyEvents('cloned')).toEqual([
      expect.objectContaining({ by: 'system', from: '127.0.0.1', reason: expect.stringContaining(copy.bootId) }),
    ]);
  });

  test('are detected if each beats at a replica of its own', async () => {
    const original = await joined('cloned-apart');
    const copy = await copyOf(original, otherReplica);
    await original.beat();
    await eventually(async () => expect((await node('cloned-apart'))?.lastHeartbeat).not.toBeNull());
    // Each replica has its own buffer: the record has the copy's boot once its replica has written it.
    await eventually(async () => {
      const before = (await node('cloned-apart'))?.lastHeartbeat;
      // Both go on beating; which replica writes first is random.
      await copy.beat();
      await original.beat();
      // While its last heartbeat waits to be written, its own replica knows of no other.
      await eventually(async () => expect((await node('cloned-apart'))?.lastHeartbeat).not.toBe(before), 5_000);
      expect((await node('cloned-apart'))?.copied).not.toBeNull();
    });
    expect(await copyEvents('cloned-apart')).toHaveLength(1);
  });

  test('stay flagged until a regenerated token is used, which leaves the other without a credential', async () => {
    const original = await joined('renewed');
    const copy = await copyOf(original);
    // The copy beats last: its heartbeat is written after the node has joined again.
    await eventually(async () => {
      for (const agent of [original, copy]) await agent.beat();
      expect((await node('renewed'))?.copied).not.toBeNull();
    });
    const { data } = await regenerateBootstrapToken({ client: api.admin, path: { id: 'renewed' } });
    expect((await node('renewed'))?.copied).not.toBeNull();
    const again = new AgentUnderTest(api);
    // The agent that gets the new token need not restart: it continues with its boot.
    again.bootId = original.bootId;
    again.seq = original.seq;
    await again.join(data?.bootstrapToken ?? '');
    expect(await node('renewed')).toMatchObject({ uid: original.uid, copied: null });
    for (let beats = 0; beats < 3; beats += 1) expect(await status(again.beat())).toBe(200);
    expect(await status(copy.beat())).toBe(401);
    expect((await node('renewed'))?.copied).toBeNull();
  });
});

describe('one machine', () => {
  test('is no copy when it restarts again and again', async () => {
    const agent = await joined('restarting');
    for (let boot = 0; boot < 12; boot += 1) {
      agent.bootId = randomUUID();
      agent.seq = 0;
      // Like an agent that is told to slow down.
      await eventually(async () => expect(await status(agent.beat())).toBe(200));
    }
    expect((await node('restarting'))?.copied).toBeNull();
  });

  test('is no copy when an earlier heartbeat is replayed after its restart: the replay is refused', async () => {
    const agent = await joined('replayed');
    for (let beats = 0; beats < 3; beats += 1) await agent.beat();
    const earlier = { bootId: agent.bootId, seq: 3 };
    agent.bootId = randomUUID();
    agent.seq = 0;
    await agent.beat();
    agent.bootId = earlier.bootId;
    expect((await agent.beat({ seq: earlier.seq })).error).toMatchObject({ code: 'STALE_HEARTBEAT' });
    expect((await node('replayed'))?.copied).toBeNull();
  });

  test('is no copy when its last heartbeat before a restart was delayed', () => {
    const known = {
      uid: 'u',
      lastSeen: 1_000,
      bootId: 'new',
      seq: 1,
      earlierBoots: [{ bootId: 'old', seq: 7 }],
      resources: RESOURCES,
    };
    expect(bootVerdict(known, { bootId: 'old', seq: 8, at: 999 })).toBe('stale');
    expect(bootVerdict(known, { bootId: 'old', seq: 8, at: 1_001 })).toBe('returned');
  });
});

test('a flag belongs to the copied credential: a late one does not mark the node that joined again', async () => {
  const agent = await joined('late-flag');
  const nodes = api.app.get(NodeStore);
  const record = await nodes.findByUid(agent.uid);
  if (!record) throw new Error('no node');
  const flag = (generation: number) =>
    nodes.flagCopied(
      agent.uid,
      generation,
      { since: 1, bootIds: ['a', 'b'] },
      nodeEvent(record, 'IdentityCopied', 1, { by: 'system', from: null }),
    );
  expect([await flag(7), await flag(1), await flag(1)]).toEqual([false, true, false]);
  expect(await copyEvents('late-flag')).toHaveLength(1);
});

describe('a node gets sessions', () => {
  const good: Placeable = {
    approval: 'APPROVED',
    availability: 'ACTIVE',
    liveness: 'HEALTHY',
    warning: false,
    quarantined: false,
    copied: false,
    revoked: false,
  };

  test('when nothing prevents it', () => expect(isPlaceable(good)).toBe(true));

  test.each([
    [{ approval: 'PENDING' }, 'NOT_APPROVED'],
    [{ approval: 'REJECTED' }, 'NOT_APPROVED'],
    [{ availability: 'DRAINING' }, 'NOT_ACTIVE'],
    [{ availability: 'DRAINED' }, 'NOT_ACTIVE'],
    [{ copied: true }, 'COPIED_IDENTITY'],
    [{ liveness: 'UNHEALTHY' }, 'NOT_HEALTHY'],
    [{ liveness: 'UNKNOWN' }, 'NOT_HEALTHY'],
    [{ warning: true }, 'MISSES_HEARTBEATS'],
  ] satisfies [Partial<Placeable>, string][])('not with %j', (change, obstacle) => {
    expect(obstacleTo({ ...good, ...change })).toBe(obstacle);
    expect(isPlaceable({ ...good, ...change })).toBe(false);
  });
});
