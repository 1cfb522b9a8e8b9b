import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { CliFailure, EXIT_CODE } from '../../../cli/process/cli-failure.js';
import { FollowedNodes } from '../../../cli/waiting/followed-nodes.js';
import { createNode, removeNode, editNode, listNodes } from '../../../client/index.js';
import { AgentUnderTest, runningSession } from '../../support/api/agent-under-test.js';
import { eventually } from '../../support/eventually.js';
import { useControlPlane } from '../../support/api/use-control-plane.js';
import { atEndOfSuite } from '../../support/use-in-suite.js';
import { removeFolder } from '../../support/remove-folder.js';

/** The built command as a process, against a real api, worker, Temporal and mongod. */

const LAUNCHER = fileURLToPath(new URL('../../../rollcall', import.meta.url));

const { api } = useControlPlane({ 'Orchestrator.NodeManager.ManualApproval': 'true' });
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'rollcall-cli-'));
  await writeFile(join(home, 'context.json'), JSON.stringify({ server: api.url, token: api.adminToken }), {
    mode: 0o600,
  });
});
atEndOfSuite(() => removeFolder(home));

interface Outcome {
  code: number;
  out: string;
  err: string;
}

interface Running {
  /** Resolves when the command has written this to stderr. */
  says(text: string): Promise<void>;
  interrupt(): void;
  outcome: Promise<Outcome>;
}

function start(...words: string[]): Running {
  const command = spawn(LAUNCHER, words, { env: { PATH: process.env['PATH'], ROLLCALL_HOME: home } });
  let [out, err] = ['', ''];
  command.stdout.on('data', (chunk) => (out += String(chunk)));
  command.stderr.on('data', (chunk) => (err += String(chunk)));
  const outcome = once(command, 'close').then(([code]) => ({ code: code as number, out, err }));
  return {
    says: (text) => eventually(() => expect(err).toContain(text)),
    interrupt: () => command.kill('SIGINT'),
    outcome,
  };
}

const rollcall = (...words: string[]): Promise<Outcome> => start(...words).outcome;

const OK: Outcome = { code: 0, out: 'Ok\n', err: '' };
const shows = (words: string[], expected: string | RegExp) =>
  eventually(async () => expect((await rollcall(...words)).out).toMatch(expected));

async function joinedNode(name: string): Promise<AgentUnderTest> {
  const agent = await new AgentUnderTest(api).join(api.joinToken, name);
  await agent.beat();
  return agent;
}

test('a node that joined is PENDING in the list until it is approved, then APPROVED and HEALTHY', async () => {
  const agent = await joinedNode('node-1');
  await shows(
    ['node', 'list'],
    /^ID {6}TYPE {7}APPROVAL {2}STATUS\nnode-0 {2}Requester {2}APPROVED {2}CONNECTED\nnode-1 {2}Compute {4}PENDING {3}HEALTHY\n$/,
  );
  expect(await rollcall('node', 'approve', 'node-1')).toEqual(OK);
  await agent.beat();
  await shows(['node', 'list', '--no-headers', '--type', 'compute'], /^node-1 {2}Compute {2}APPROVED {2}HEALTHY\n$/);
  await shows(['node', 'describe', 'node-1'], /\nPhase +ACTIVE\n/);
});

test('the message of a rejection is in the description of the node and in its events', async () => {
  await joinedNode('stranger');
  expect(await rollcall('node', 'reject', 'stranger', '-m', 'Unauthorized node', '--wait')).toEqual({
    ...OK,
    err: expect.any(String),
  });
  const { out } = await rollcall('node', 'describe', 'stranger');
  expect(out).toMatch(/^Rejected +Unauthorized node$/m);
  expect((await rollcall('node', 'events', 'stranger')).out).toMatch(/NodeRejected +admin +Unauthorized node$/m);
  expect((await rollcall('node', 'list', '--approval', 'REJECTED', '-o', 'name')).out).toBe('stranger\n');
});

test('deactivate --wait follows the drain to its end, and Ctrl-C leaves it running', async () => {
  const agent = await joinedNode('busy');
  await rollcall('node', 'approve', 'busy', '--wait');
  await agent.report([runningSession('s1')]);
  await shows(['node', 'sessions', 'busy'], /^s1 +ana +RUNNING/m);

  const drain = start('node', 'deactivate', 'busy', '-m', 'new disks', '--wait');
  await drain.says('Waiting for node busy to finish 1 session');
  drain.interrupt();
  expect(await drain.outcome).toMatchObject({
    code: 130,
    out: '',
    err: expect.stringContaining('It goes on without you'),
  });
  expect((await rollcall('node', 'describe', 'busy')).out).toMatch(/Waiting for +1 session: s1/);

  expect(await rollcall('node', 'deactivate', 'busy')).toMatchObject({
    code: 6,
    out: '',
    err: expect.stringContaining('To cancel the drain: rollcall node activate busy'),
  });
  expect(await rollcall('node', 'delete', 'busy')).toMatchObject({
    code: 6,
    err: expect.stringMatching(
      /^NODE_HAS_SESSIONS: node busy has 1 active session\b.*\bs1\b.*rollcall node delete busy --force\n$/,
    ),
  });
  expect(await rollcall('node', 'decommission', 'busy', '--timeout', '100ms')).toMatchObject({ code: 3, out: '' });

  const removal = start('node', 'decommission', 'busy', '--wait');
  await removal.says('Waiting for node busy to finish 1 session');
  await agent.report([]);
  expect(await removal.outcome).toMatchObject({ code: 0, out: 'Ok\n' });
  expect((await rollcall('node', 'describe', 'busy')).code).toBe(5);
});

test('a set is drained node by node: --monitor shows what blocks, Ctrl-C leaves it running, cancel releases what still drains', async () => {
  const agents = [];
  for (const id of ['pool-1', 'pool-2']) {
    const agent = await joinedNode(id);
    await rollcall('node', 'approve', id, '--wait');
    await editNode({ client: api.admin, path: { id }, body: { labels: { pool: 'e2e' } } });
    await agent.report([runningSession(`of-${id}`)]);
    await shows(['node', 'sessions', id], new RegExp(`^of-${id} +ana +RUNNING`, 'm'));
    agents.push(agent);
  }
  const drain = start('node', 'deactivate', '--filter-labels', 'pool=e2e', '-m', 'new kernel', '--monitor');
  await drain.says('Node pool-1: 1 session left');
  drain.interrupt();
  const { code, out, err } = await drain.outcome;
  const id = out.trim();
  expect({ code, err }).toEqual({
    code: 130,
    err: expect.stringContaining(`It goes on without you; see: rollcall drain describe ${id} --monitor`),
  });
  expect(await rollcall('drain', 'pause', id)).toEqual(OK);
  await agents[0]?.report([]);
  await shows(['drain', 'describe', id], /^State +PAUSED\n[^]*pool-1 +DRAINED[^]*pool-2 +QUEUED/m);
  expect(await rollcall('drain', 'resume', id)).toEqual(OK);
  await shows(
    ['node', 'describe', 'pool-2'],
    new RegExp(`drain set ${id}: new kernel\\n[^]*Waiting for +1 session: of-pool-2`),
  );
  expect(await rollcall('drain', 'cancel', id)).toEqual(OK);
  await shows(['drain', 'list', '--no-headers'], new RegExp(`^${id} +CANCELLED +pool=e2e +2/2 +\\S+ +admin\\n`));
  await shows(['node', 'list', '-l', 'pool=e2e', '--phase', 'active', '-o', 'name'], /^pool-2\n$/);
  expect(await rollcall('drain', 'resume', id)).toMatchObject({
    code: 6,
    err: expect.stringMatching(/^DRAIN_ENDED: /),
  });
});

test('a registered node has a slot, and its token works once; a new token replaces it', async () => {
  const registered = await rollcall('node', 'register', 'node-9', '--label', 'pool=a');
  expect(registered).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^rcb_\S+\n$/),
    err: expect.stringContaining('shown this once'),
  });
  expect((await rollcall('node', 'list', '-l', 'pool=a', '--phase', 'registered', '-o', 'name')).out).toBe('node-9\n');
  expect(await rollcall('node', 'register', 'node-9')).toMatchObject({
    code: 6,
    err: expect.stringMatching(/^NODE_NAME_TAKEN: /),
  });
  const regenerated = await rollcall('node', 'token', 'regenerate', 'node-9');
  expect((await new AgentUnderTest(api).register(registered.out.trim())).response?.status).toBe(401);
  expect((await new AgentUnderTest(api).register(regenerated.out.trim())).response?.status).toBe(201);
});

test('a deleted node is gone for good', async () => {
  const agent = await joinedNode('gone');
  expect(await rollcall('node', 'delete', 'gone', '--wait')).toMatchObject({ code: 0, out: 'Ok\n' });
  expect((await rollcall('node', 'list', '-o', 'name')).out).not.toContain('gone');
  expect((await agent.beat()).response?.status).toBe(410);
});

test('the cluster in a few lines', async () => {
  expect((await rollcall('cluster')).out).toMatch(/^Nodes +\d+\nPhases +/);
});

describe('exit codes', () => {
  test('5 if there is no such node; an id is no prefix', async () => {
    expect(await rollcall('node', 'approve', 'node')).toMatchObject({
      code: 5,
      out: '',
      err: expect.stringMatching(/^NODE_NOT_FOUND: /),
    });
  });

  test('6 if the transition table forbids it', async () => {
    expect(await rollcall('node', 'approve', 'node-0')).toMatchObject({
      code: 6,
      out: '',
      err: expect.stringMatching(/^NODE_IS_REQUESTER: .* See: rollcall node list\n$/),
    });
  });

  test('4 if the token is wrong', async () => {
    await writeFile(join(home, 'wrong'), 'rca_0000000000000000_wrong');
    expect(await rollcall('node', 'list', '--token-file', join(home, 'wrong'))).toMatchObject({
      code: 4,
      out: '',
      err: expect.stringMatching(/^UNAUTHENTICATED: /),
    });
  });

  test('1 if nothing answers', async () => {
    await writeFile(join(home, 'token'), api.adminToken);
    const { code, err } = await rollcall(
      'node',
      'list',
      '--server',
      'http://127.0.0.1:9',
      '--token-file',
      join(home, 'token'),
    );
    expect(code).toBe(1);
    expect(err).toMatch(/^UNREACHABLE: no api answers at http:\/\/127\.0\.0\.1:9 .*npm start/);
  });
});

describe('node list --watch', () => {
  const never = new CliFailure(EXIT_CODE.failure, 'NO_API', 'this api says nothing but events');
  const interruption = new AbortController();
  atEndOfSuite(async () => interruption.abort());

  test('reads only nodes again that have events', async () => {
    const asked: (readonly string[] | undefined)[] = [];
    const nodes = new FollowedNodes({
      read: async (ids) => {
        asked.push(ids);
        const query = { limit: 1_000, ...(ids && { id: [...ids] }) };
        return (await listNodes({ client: api.admin, throwOnError: true, query })).data.items;
      },
      connection: { client: api.admin, openStream: (request) => fetch(request), failureOf: async () => never },
      interruption: interruption.signal,
      pace: { gather: 1, reread: 3_600_000 },
    });
    const seen = async () => (await nodes.read()).find(({ id }) => id === 'watched');
    expect(await seen()).toBeUndefined();
    await createNode({ client: api.admin, throwOnError: true, body: { name: 'watched' } });
    await eventually(async () => expect(await seen()).toMatchObject({ phase: 'REGISTERED' }));
    await editNode({ client: api.admin, path: { id: 'watched' }, body: { labels: { pool: 'a' } } });
    await eventually(async () => expect(await seen()).toMatchObject({ labels: { pool: 'a' } }));
    await removeNode({ client: api.admin, path: { id: 'watched' } });
    await eventually(async () => expect(await seen()).toBeUndefined());
    expect(asked[0]).toBeUndefined();
    const later = asked.slice(1);
    expect(later).toContainEqual(['watched']);
    expect(later).not.toContain(undefined);
  });

  test('prints a node to a pipe as soon as it changes', async () => {
    const command = spawn(LAUNCHER, ['node', 'list', '--watch', '--no-headers'], {
      env: { PATH: process.env['PATH'], ROLLCALL_HOME: home },
    });
    let out = '';
    command.stdout.on('data', (chunk) => (out += String(chunk)));
    await eventually(() => expect(out).toContain('node-0 '));
    await createNode({ client: api.admin, throwOnError: true, body: { name: 'printed' } });
    await eventually(() => expect(out).toMatch(/^printed +Compute +PENDING +UNKNOWN$/m));
    await removeNode({ client: api.admin, path: { id: 'printed' } });
    await eventually(() => expect(out).toMatch(/^printed +Compute +PENDING +REMOVED$/m));
    command.kill('SIGINT');
    expect(await once(command, 'close')).toEqual([130, null]);
  });
});
