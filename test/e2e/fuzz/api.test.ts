import { createHash } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { mongo } from 'mongoose';
import { createApiToken, createNode } from '../../../client/index.js';
import type { Role } from '../../../contract/grants.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { FaultCluster } from '../../support/cluster/fault-cluster.js';
import { eventually } from '../../support/eventually.js';
import { Schemathesis, type FuzzOptions } from './schemathesis.js';
import { removeFolder } from '../../support/remove-folder.js';

/**
 * schemathesis against the real api and the openapi.json that it serves, as each role. It needs PyPI once. ROLLCALL_SKIP_FUZZ=1 skips
 * it, but not in continuous integration.
 */

const isSkipped = process.env['ROLLCALL_SKIP_FUZZ'] === '1' && !process.env['CI'];
const MAX_EXAMPLES = Number(process.env['ROLLCALL_FUZZ_EXAMPLES'] ?? 3);
const ONE_ROLE_MS = 5 * 60_000;

/** Its answer ends when its reader disconnects. */
const ENDLESS = ['streamEvents'];
/** Written by reading: when a token was last used. */
const VOLATILE = new Set(['lastUsedAt']);
/** Written, or ended, by clocks and not by requests. */
const NOT_DECIDED = new Set([
  'idempotencykeys',
  'alerts',
  'heartbeats',
  'system.buckets.beathistory',
  'system.buckets.minutehistory',
  'pulses',
  'fleethistory',
  'leases',
  'blindspots',
  'signingkeys',
]);

let cluster: FaultCluster;
let schemathesis: Schemathesis;
let folder: string;

(isSkipped ? describe.skip : describe)('schemathesis finds nothing', () => {
  beforeAll(async () => {
    schemathesis = await Schemathesis.find().catch((cause: Error) => {
      const sentence = `schemathesis could not be installed from PyPI (${cause.message}); to run the other tests without it: ROLLCALL_SKIP_FUZZ=1 npm test`;
      throw new Error(sentence, { cause });
    });
    folder = await mkdtemp(join(tmpdir(), 'rollcall-fuzz-'));
    // Nothing changes by itself within the run.
    Object.assign(process.env, UNLIMITED);
    cluster = await FaultCluster.start([], { DisconnectTimeout: '1h', UnknownTimeout: '1h' });
    await createNode({ client: cluster.admin, body: { name: 'slot' } });
    await new AgentUnderTest(cluster).join(cluster.joinToken, 'node-1');
    for (const name of ['node-0', 'slot', 'node-1']) await cluster.settled(name);
    // What processes write at their start is written: the collections exist, and the api's own node.
    for (const process of [cluster.api, cluster.worker])
      await eventually(async () => expect(await process.log()).toContain('"msg":"connected to MongoDB"'));
    await eventually(async () =>
      expect(await cluster.record('node-0')).toMatchObject({ phase: 'ACTIVE', liveness: 'HEALTHY' }),
    );
  }, 10 * 60_000);
  afterAll(async () => {
    await cluster?.end();
    if (folder) await removeFolder(folder);
  }, 60_000);

  /** Its findings, in its own words; empty if there are none. */
  const fuzz = async (authorization: string | undefined, more: Partial<FuzzOptions> = {}): Promise<string> => {
    const { clean, report } = await schemathesis.run({
      schemaUrl: `${cluster.url}/openapi.json`,
      ...(authorization === undefined ? {} : { headers: { Authorization: authorization } }),
      phases: ['examples', 'fuzzing'],
      maxExamples: MAX_EXAMPLES,
      cwd: folder,
      timeoutMs: ONE_ROLE_MS,
      ...more,
    });
    return clean ? NOTHING : report;
  };
  const tokenOf = async (role: Role) =>
    `Bearer ${(await createApiToken({ client: cluster.admin, body: { name: `fuzz-${role}`, role } })).data?.token ?? ''}`;

  test(
    'as nobody, and nothing changes',
    async () => {
      const before = await digest();
      expect(await fuzz(undefined)).toBe(NOTHING);
      expect(await digest()).toEqual(before);
    },
    ONE_ROLE_MS,
  );

  test(
    'as a viewer, and nothing changes',
    async () => {
      const token = await tokenOf('viewer');
      const before = await digest();
      expect(await fuzz(token, { without: ENDLESS })).toBe(NOTHING);
      expect(await digest()).toEqual(before);
    },
    ONE_ROLE_MS,
  );

  test(
    'as a node',
    async () => {
      const agent = await new AgentUnderTest(cluster).join(cluster.joinToken, 'node-2');
      expect(await fuzz(`Bearer ${await agent.authenticate()}`, { paths: '^/v1/agent/', phases: ALL })).toBe(NOTHING);
    },
    ONE_ROLE_MS,
  );

  test(
    'as an operator',
    async () => {
      expect(await fuzz(await tokenOf('operator'), { without: ENDLESS })).toBe(NOTHING);
    },
    ONE_ROLE_MS,
  );

  test(
    'as an admin, with every case of the schemas',
    async () => {
      expect(await fuzz(await tokenOf('admin'), { without: ENDLESS, phases: ALL })).toBe(NOTHING);
    },
    ONE_ROLE_MS,
  );

  test('the runs have reached what they are about', async () => {
    const log = await cluster.api.log();
    for (const path of ['/v1/nodes/node-1', '/v1/agent/heartbeat', '/v1/login'])
      expect(log).toContain(`"path":"${path}"`);
    expect(log).not.toContain('"level":60');
  });
});

/** Disables limits, since requests beyond one would be answered without being processed. */
const UNLIMITED = {
  ORCHESTRATOR__API__MAXJOINSPERSECOND: '100000',
  ORCHESTRATOR__API__MAXWRONGCREDENTIALSPERSECOND: '100000',
  COMPUTE__HEARTBEAT__INTERVAL: '100ms',
};
const NOTHING = '';
const ALL = ['examples', 'coverage', 'fuzzing'] as const;

/** Written by heartbeats, static information and workflows, with their events. */
const OBSERVED = { nodes: { info: 0, applied: 0, phase: 0, liveness: 0, copied: 0 } } as Record<
  string,
  Record<string, 0>
>;
const DECIDED = { events: { by: { $ne: 'system' } } } as Record<string, mongo.Filter<mongo.Document>>;

/** Hash of each collection's data that requests can change. */
async function digest(): Promise<Record<string, string>> {
  const collections = (await cluster.db.listCollections({ type: 'collection' }).toArray()).map(({ name }) => name);
  const hashes = collections
    .filter((name) => !NOT_DECIDED.has(name))
    .sort()
    .map(async (name) => {
      const documents = await cluster.db
        .collection(name)
        .find(DECIDED[name] ?? {}, { projection: OBSERVED[name] ?? {} })
        .sort({ _id: 1 })
        .toArray();
      const text = JSON.stringify(documents, (key, value: unknown) => (VOLATILE.has(key) ? undefined : value));
      return [name, `${documents.length} documents, ${createHash('sha256').update(text).digest('hex')}`] as const;
    });
  return Object.fromEntries(await Promise.all(hashes));
}
