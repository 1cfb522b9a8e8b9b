import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  activateNode,
  decideAvailability,
  deactivateNode,
  getNode,
  listNodeEvents,
  listNodes,
  removeNode,
  type Node,
  type ReportedCondition,
} from '../../../client/index.js';
import { AgentProcess } from '../../support/agent/agent-process.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { useReplicaOf } from '../../support/api/api-under-test.js';
import { useControlPlane } from '../../support/api/use-control-plane.js';
import { eventually } from '../../support/eventually.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Results of nodes' checks, and their consequences: from a program on a node to a decision, and back. */

// Agents only report here, so silence does not matter.
const CONDITIONS = 'Orchestrator.NodeManager.Conditions';
const settings = {
  'Orchestrator.NodeManager.DisconnectTimeout': '1h',
  'Compute.Heartbeat.Interval': '1s',
  [`${CONDITIONS}.Budget`]: '3',
  [`${CONDITIONS}.LabelBudgets.pool`]: '1',
  [`${CONDITIONS}.Policies.disk`]: '{"Policy": "drain", "ReturnAfter": "1s"}',
  [`${CONDITIONS}.Policies.load`]: '{"Policy": "noNewSessions", "ReturnAfter": "0"}',
};
const { api } = useControlPlane(settings);
/** A replica that Temporal does not answer. */
const cutOff = useReplicaOf(api, { settings });

const WITHIN_MS = 60_000;
const path = (id: string) => ({ client: api.admin, path: { id } });

async function node(id: string): Promise<Node> {
  const { data, error } = await getNode(path(id));
  if (!data) throw new Error(JSON.stringify(error));
  return data;
}

const becomes = (id: string, expected: object) =>
  eventually(async () => expect(await node(id)).toMatchObject(expected), WITHIN_MS);

const says = (type: string, status: string): ReportedCondition => ({
  type,
  status,
  ageMs: 0,
  reason: status === 'FIT' ? 'Passed' : 'UnderLimit',
  message: `${type} is ${status}`,
  by: 'built-in',
});

async function activeNode(id: string, labels: Record<string, string> = {}): Promise<AgentUnderTest> {
  const agent = new AgentUnderTest(api);
  const { data } = await agent.register(api.joinToken, { name: id, labels });
  agent.uid = data?.uid ?? '';
  await agent.authenticate();
  await agent.beat();
  await becomes(id, { phase: 'ACTIVE', status: 'HEALTHY' });
  return agent;
}

afterEach(async () => {
  const { data } = await listNodes({ client: api.admin, query: { type: 'Compute', limit: 100 } });
  for (const { id } of data?.items ?? []) await removeNode({ ...path(id), query: { force: 'true', wait: '30s' } });
});

describe('a node whose check fails', () => {
  test('is drained, by a real program of a real agent, and comes back when the check passes again', async () => {
    const folder = await temporaryFolder();
    const broken = join(folder, 'broken');
    const program = join(folder, 'check');
    await writeFile(program, `#!/bin/sh\n[ -e ${broken} ] && { echo "it burns"; exit 1; }\necho "all is well"\n`);
    await chmod(program, 0o755);
    const config = join(folder, 'agent.yaml');
    const Compute = {
      Name: 'real',
      Orchestrators: [api.url],
      StateDir: join(folder, 'state'),
      Auth: { Token: api.joinToken },
      Checks: [{ Name: 'disk', Executable: program, Interval: '1s' }],
    };
    await writeFile(config, JSON.stringify({ Compute }));
    const agent = new AgentProcess(['--config', config]);
    try {
      await eventually(async () => expect((await node('real')).conditions?.[0]?.status).toBe('FIT'), WITHIN_MS);
      await becomes('real', { phase: 'ACTIVE', quarantine: null });
      await writeFile(broken, '');
      await becomes('real', {
        phase: 'DRAINED',
        availability: { by: 'check:disk', reason: 'disk: it burns' },
        quarantine: { policy: 'drain', checks: ['disk'], returnsAt: null },
      });
      await rm(broken);
      await becomes('real', { phase: 'ACTIVE', availability: { by: 'check:disk' }, quarantine: null });
      const types = (await listNodeEvents(path('real'))).data?.items.map(({ type }) => type);
      expect(types).toEqual(expect.arrayContaining(['NodeQuarantined', 'NodeDrained', 'NodeReleased']));
    } finally {
      agent.child.kill('SIGKILL');
      await agent.exited;
    }
  });

  test('only gets no new sessions if its policy says so', async () => {
    const agent = await activeNode('loaded');
    await agent.beat({ conditions: [says('load', 'UNFIT')] });
    await becomes('loaded', { phase: 'ACTIVE', quarantine: { policy: 'noNewSessions', checks: ['load'] } });
    await agent.beat({ conditions: [says('load', 'FIT')] });
    await becomes('loaded', { phase: 'ACTIVE', quarantine: null });
  });

  test('is found by the reconciler if the signal was lost', async () => {
    const agent = await activeNode('unheard');
    const before = agent.client;
    agent.client = cutOff.as(await agent.authenticate());
    const { data } = await agent.beat({ conditions: [says('disk', 'UNFIT')] });
    expect(data?.conditionsKept).toBe(true);
    agent.client = before;
    await becomes('unheard', { phase: 'DRAINED' });
  });
});

describe("a person's decision", () => {
  test('brings the node back, and the check counts again once it has passed', async () => {
    const agent = await activeNode('wanted');
    await agent.beat({ conditions: [says('disk', 'UNFIT')] });
    await becomes('wanted', { phase: 'DRAINED' });
    await activateNode({ ...path('wanted'), body: { reason: 'needed' } });
    await becomes('wanted', { phase: 'ACTIVE', quarantine: null, despite: ['disk'] });
    await agent.beat({ conditions: [says('disk', 'FIT')] });
    await agent.beat({ conditions: [says('disk', 'UNFIT')] });
    await becomes('wanted', { phase: 'DRAINED', quarantine: { checks: ['disk'] }, despite: [] });
  });

  test('takes the quarantine over, and no check brings the node back', async () => {
    const agent = await activeNode('kept');
    await agent.beat({ conditions: [says('disk', 'UNFIT')] });
    await becomes('kept', { phase: 'DRAINED' });
    const { error } = await deactivateNode({ ...path('kept'), body: { reason: 'new disks' } });
    expect(error).toBeUndefined();
    await agent.beat({ conditions: [says('disk', 'FIT')] });
    await becomes('kept', { phase: 'DRAINED', quarantine: null, availability: { reason: 'new disks' } });
    const again = await deactivateNode({ ...path('kept'), body: {} });
    expect(again.error?.code).toBe('NODE_DRAINED');
  });
});

describe('a node that takes itself out of a quarantine', () => {
  const decide = ({ client }: AgentUnderTest, value: 'ACTIVE' | 'DRAINED', reason: string) =>
    decideAvailability({ client, body: { value, reason } });

  test('is out by the check when it comes back, and in once the check passes', async () => {
    const agent = await activeNode('stops');
    await agent.beat({ conditions: [says('disk', 'UNFIT')] });
    await becomes('stops', { phase: 'DRAINED', quarantine: { checks: ['disk'] } });
    expect((await decide(agent, 'DRAINED', 'its agent stops')).data).toMatchObject({ own: true, by: 'agent:stops' });
    await becomes('stops', { phase: 'DRAINED', quarantine: null });
    expect((await decide(agent, 'ACTIVE', 'its agent is back')).data).toMatchObject({ own: false, by: 'check:disk' });
    await becomes('stops', {
      phase: 'DRAINED',
      availability: { by: 'check:disk', reason: 'disk: disk is UNFIT' },
      quarantine: { policy: 'drain', checks: ['disk'] },
    });
    const [event] = (await listNodeEvents(path('stops'))).data?.items.filter(({ by }) => by === 'agent:stops') ?? [];
    expect(event?.reason).toBe('its agent is back, still out by check:disk: disk: disk is UNFIT');
    await agent.beat({ conditions: [says('disk', 'FIT')] });
    await becomes('stops', { phase: 'ACTIVE', quarantine: null });
  });

  test('comes back in where the check has passed meanwhile', async () => {
    const agent = await activeNode('mended');
    await agent.beat({ conditions: [says('disk', 'UNFIT')] });
    await becomes('mended', { phase: 'DRAINED', quarantine: { checks: ['disk'] } });
    await decide(agent, 'DRAINED', 'its agent stops');
    await agent.beat({ conditions: [says('disk', 'FIT')] });
    await decide(agent, 'ACTIVE', 'its agent is back');
    await becomes('mended', { phase: 'ACTIVE', quarantine: null });
  });

  test('has its place in the budget meanwhile', async () => {
    const [stops, other] = [await activeNode('pool-1', { pool: 'a' }), await activeNode('pool-2', { pool: 'a' })];
    await stops.beat({ conditions: [says('disk', 'UNFIT')] });
    await becomes('pool-1', { phase: 'DRAINED', quarantine: { checks: ['disk'] } });
    await decide(stops, 'DRAINED', 'its agent stops');
    await other.beat({ conditions: [says('disk', 'UNFIT')] });
    await becomes('pool-2', { phase: 'ACTIVE', heldBack: expect.anything() });
  });
});

describe('the budget', () => {
  test('limits the nodes of one pool, even if the fleet could spare more', async () => {
    const agents = [await activeNode('a-1', { pool: 'a' }), await activeNode('a-2', { pool: 'a' })];
    const other = await activeNode('b-1', { pool: 'b' });
    await Promise.all([...agents, other].map((agent) => agent.beat({ conditions: [says('disk', 'UNFIT')] })));
    await becomes('b-1', { phase: 'DRAINED' });
    await eventually(async () => {
      const nodes = [await node('a-1'), await node('a-2')];
      expect(nodes.map(({ phase }) => phase).toSorted()).toEqual(['ACTIVE', 'DRAINED']);
      expect(nodes.find(({ phase }) => phase === 'ACTIVE')?.heldBack?.reason).toContain('pool=a');
    }, WITHIN_MS);
  });

  test('is not exceeded by forty nodes that become unfit at once, and each that is held back is reported once', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `crowd-${index + 1}`);
    const agents: AgentUnderTest[] = [];
    for (const name of names) agents.push(await new AgentUnderTest(api).join(api.joinToken, name));
    await Promise.all(agents.map((agent) => agent.beat()));
    const crowd = async () =>
      (await listNodes({ client: api.admin, query: { q: 'crowd', limit: 100 } })).data?.items ?? [];
    await eventually(
      async () => expect((await crowd()).filter(({ phase }) => phase === 'ACTIVE')).toHaveLength(40),
      WITHIN_MS,
    );
    await Promise.all(agents.map((agent) => agent.beat({ conditions: [says('disk', 'UNFIT')] })));
    await eventually(async () => {
      const nodes = await crowd();
      const out = nodes.filter(({ quarantine }) => quarantine !== null);
      expect(out.length).toBeLessThanOrEqual(3);
      expect(nodes.filter(({ heldBack }) => heldBack !== null)).toHaveLength(37);
    }, WITHIN_MS);
    const events = await Promise.all(
      names.map(async (name) => (await listNodeEvents(path(name))).data?.items.map(({ type }) => type) ?? []),
    );
    const count = (type: string) => events.flat().filter((one) => one === type).length;
    expect({ out: count('NodeQuarantined'), heldBack: count('QuarantineHeldBack') }).toEqual({ out: 3, heldBack: 37 });
    const metrics = await (await api.raw('/metrics')).text();
    expect(metrics).toMatch(/^rollcall_nodes_quarantined 3$/m);
    expect(metrics).toMatch(/^rollcall_nodes_held_back 37$/m);
  });
});
