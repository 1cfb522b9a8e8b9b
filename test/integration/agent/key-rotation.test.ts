import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { AgentParts } from '../../../agent/agent.js';
import { Unavailable } from '../../../agent/control-plane/control-plane.js';
import { HttpControlPlane } from '../../../agent/control-plane/http-control-plane.js';
import { Orchestrators } from '../../../agent/control-plane/orchestrators.js';
import { FileIdentityStore } from '../../../agent/membership/identity-store.js';
import { EXIT, FatalError } from '../../../agent/process/exit-codes.js';
import type { Identity } from '../../../agent/membership/identity.js';
import { OwnAccessToken } from '../../../agent/membership/own-access-token.js';
import { systemClock } from '../../../agent/process/agent-clock.js';
import { getNode, listNodeEvents } from '../../../client/index.js';
import { LogRecorder } from '../../support/agent/log-recorder.js';
import { RunningAgent } from '../../support/agent/running-agent.js';
import { useApi } from '../../support/api/api-under-test.js';
import { eventually } from '../../support/eventually.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const api = useApi();
const HOUR = 3_600_000;

let stateDir: string;
let agents: RunningAgent[];
beforeEach(async () => {
  stateDir = await temporaryFolder();
  agents = [];
});
afterEach(() => Promise.all(agents.map((agent) => agent.stop().catch(() => undefined))));

/** @param rotateKeyAfterMs 0 to keep its key; otherwise its clock is a day ahead, and so its key is old */
function started(
  name: string,
  rotateKeyAfterMs: number,
  parts: (given: AgentParts) => Partial<AgentParts> = () => ({}),
) {
  const now = () => Date.now() + (rotateKeyAfterMs > 0 ? 24 * HOUR : 0);
  const agent = new RunningAgent({
    ...{ orchestrators: [api.url], stateDir, token: api.joinToken, name },
    parts: (given) => ({
      settings: { ...given.settings, rotateKeyAfterMs },
      clock: { ...given.clock, now },
      ...parts(given),
    }),
  });
  agents.push(agent);
  return agent;
}

const identity = (): Promise<Identity> => new FileIdentityStore(stateDir).load();
const keyOf = ({ registration }: Identity): string | undefined => registration?.privateKey.x;

async function rotations(name: string): Promise<number> {
  const { data } = await listNodeEvents({ client: api.admin, path: { id: name } });
  return data?.items.filter(({ type }) => type === 'KeyRotated').length ?? 0;
}

/** When the api last heard of the node, in milliseconds since 1970; 0 for never. */
async function lastHeard(name: string): Promise<number> {
  const { data } = await getNode({ client: api.admin, throwOnError: true, path: { id: name } });
  return Date.parse(data.lastHeartbeat ?? '') || 0;
}

/** The key with which it joined. */
async function joined(name: string): Promise<string> {
  const agent = started(name, 0);
  await agent.logged('joined the cluster');
  await agent.stop();
  return keyOf(await identity())!;
}

/** The node's key is the one on its disk, a new one, and its agent goes on without help. */
async function goesOn(name: string, former: string): Promise<void> {
  await eventually(async () => {
    const { registration, candidate } = await identity();
    expect(candidate).toBeNull();
    expect(registration?.privateKey.x).not.toBe(former);
  });
  expect(await rotations(name)).toBe(1);
  const { registration } = await identity();
  const status = await new OwnAccessToken(
    new HttpControlPlane(
      new Orchestrators([api.url], systemClock, new LogRecorder()),
      systemClock,
      'rollcall-agent/test',
    ),
    ...([systemClock, Math.random, new LogRecorder(), registration!] as const),
  )
    .prove(new AbortController().signal)
    .then(() => 'let in');
  expect(status).toBe('let in');
}

test('a key is replaced automatically at the configured age, once', async () => {
  const former = await joined('ageing');
  const agent = started('ageing', HOUR);
  await agent.logged('this node has another key');
  await goesOn('ageing', former);
  expect((await identity()).registration?.keySince).toMatch(/Z$/);
  await agent.stop();
  expect(agent.log.text).not.toContain('refused');
});

class Crash extends Error {}

test.each([
  [
    'before anybody was asked',
    'asked',
    (given: AgentParts) => ({ plane: withRotation(given, () => Promise.reject(new Crash())) }),
  ],
  [
    'before it heard the answer',
    'answered',
    (given: AgentParts) => ({
      plane: withRotation(given, async (...args) => {
        await given.plane.rotateKey(...args);
        throw new Crash();
      }),
    }),
  ],
])('an agent that dies %s continues with the valid key', async (_title, name, crashing) => {
  const former = await joined(name);
  const agent = started(name, HOUR, crashing);
  expect(await agent.ended).toBeInstanceOf(Crash);
  // It was on disk before it was sent.
  expect((await identity()).candidate).not.toBeNull();
  const again = started(name, HOUR);
  await goesOn(name, former);
  await again.stop();
});

test('a lost answer is harmless: the next heartbeats use the new key', async () => {
  const name = 'unheard';
  const former = await joined(name);
  const agent = started(name, HOUR, (given) => ({
    plane: withRotation(given, async (...args) => {
      await given.plane.rotateKey(...args);
      throw new Unavailable('no answer');
    }),
  }));
  await agent.logged('is not replaced yet');
  await goesOn(name, former);
  await agent.stop();
});

test('a process adopts a key that another process of the same node has replaced', async () => {
  const name = 'two-processes';
  const former = await joined(name);
  const first = started(name, 0);
  await eventually(async () => expect(await lastHeard(name)).toBeGreaterThan(0));
  const second = started(name, HOUR);
  await goesOn(name, former);
  await second.stop();
  const stoppedAt = Date.now();
  await eventually(async () => expect(await lastHeard(name)).toBeGreaterThan(stoppedAt));
  await first.stop();
});

test('a full disk after the answer is harmless: the next start finds the pending key', async () => {
  const name = 'full-disk';
  const former = await joined(name);
  let saves = 0;
  const agent = started(name, HOUR, ({ store }) => ({
    store: {
      load: () => store.load(),
      save: (state) =>
        ++saves === 1 ? store.save(state) : Promise.reject(new FatalError('no space left', EXIT.failed)),
    },
  }));
  await agent.logged('no space left');
  await agent.logged('this node has another key');
  await agent.stop();
  const next = started(name, 0);
  await goesOn(name, former);
  await next.stop();
});

function withRotation({ plane }: AgentParts, rotateKey: AgentParts['plane']['rotateKey']): AgentParts['plane'] {
  return new Proxy(plane, {
    get: (target, key) => {
      if (key === 'rotateKey') return rotateKey;
      const member: unknown = Reflect.get(target, key);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}
