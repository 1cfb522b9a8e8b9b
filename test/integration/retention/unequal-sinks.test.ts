import { beforeEach, expect, test } from '@jest/globals';
import { loadConfig } from '../../../contract/config/load-config.js';
import { ClusterIdentity } from '../../../src/cluster/cluster-identity.js';
import { LeaseStore } from '../../../src/mechanics/lease-store.js';
import { DatabaseProbe } from '../../../src/process/server-probe.js';
import { MetricRegistry } from '../../../src/process/metric-registry.js';
import { EventStore } from '../../../src/record/event-store.js';
import { AuditExport } from '../../../src/retention/audit-export.js';
import { Expiry } from '../../../src/retention/expiry.js';
import { RetentionStore } from '../../../src/retention/retention-store.js';
import { Retention } from '../../../src/retention/retention.js';
import { eventually } from '../../support/eventually.js';
import { NOON } from '../../support/manual-clock.js';
import { event } from '../../support/mongo/node-fixtures.js';
import { useStores } from '../../support/mongo/open-stores.js';
import { MemorySink } from '../../support/retention/memory-sink.js';
import { atEndOfSuite } from '../../support/use-in-suite.js';

/** Workers with different sinks and one record. */

const CONFIG = loadConfig({ env: {}, flags: {} });
const COMPARED_AGAIN_MS = 10_000;
const FORGOTTEN_MS = 86_400_000;

const stores = useStores();
const started: Retention[] = [];
beforeEach(async () => {
  for (const one of started.splice(0)) await one.beforeApplicationShutdown();
  await stores.clear();
});
atEndOfSuite(() => Promise.all(started.map((one) => one.beforeApplicationShutdown())));

function worker(name: string, sinks: MemorySink[]) {
  const record = stores.get(RetentionStore);
  const metrics = new MetricRegistry();
  const audit = new AuditExport(record, stores.get(ClusterIdentity), sinks, stores.clock, metrics);
  const expiry = new Expiry(record, audit, { incarnationOf: () => Promise.resolve(null) }, stores.clock, CONFIG);
  const lines: Record<string, unknown>[] = [];
  const log = { warn: (entry: object) => lines.push({ ...entry }), log: (entry: object) => lines.push({ ...entry }) };
  const parts = [audit, expiry, stores.get(LeaseStore), stores.get(DatabaseProbe), stores.clock, log, name] as const;
  const start = () => {
    const retention = new Retention(...parts);
    started.push(retention);
    retention.onApplicationBootstrap();
  };
  const value = async (metric: string) =>
    Number(new RegExp(`^${metric} (.*)$`, 'm').exec(await metrics.metrics())?.[1] ?? 'NaN');
  return { audit, start, lines, value };
}

test('a worker that lacks a sink says so, and leaves export and deletion to workers that have it', async () => {
  const without = worker('without', []);
  without.start();
  const lease = () => stores.connection.collection('leases').findOne({ _id: 'retention' as never });
  await eventually(async () => expect(await lease()).toMatchObject({ holder: 'without' }));
  const sink = new MemorySink('otlp');
  const withSink = worker('with', [sink]);
  withSink.start();
  await eventually(async () => expect(await stores.connection.collection('auditsinks').countDocuments()).toBe(1));
  await stores.get(EventStore).append([event('u', { id: 'decided', type: 'NodeApproved' })]);
  stores.clock.advance(COMPARED_AGAIN_MS);
  await eventually(async () => expect(await lease()).toMatchObject({ holder: 'with' }));
  await eventually(() => expect(sink.idsOf('event')).toEqual(['decided']));
  expect(without.lines).toEqual([
    {
      msg: expect.stringContaining('other workers have sinks that this one lacks'),
      missing: ['Orchestrator.Audit.OTLPEndpoint'],
    },
  ]);
  expect(await without.value('rollcall_audit_sinks_missing')).toBe(1);
  expect(await withSink.value('rollcall_audit_sinks_missing')).toBe(0);
});

test('a sink without a worker is forgotten after a day, and not before', async () => {
  await worker('both', [new MemorySink('file'), new MemorySink('otlp')]).audit.compare();
  const { audit } = worker('one', [new MemorySink('file')]);
  expect(await audit.compare()).toEqual(['otlp']);
  const seen = (agoMs: number) =>
    stores.connection
      .collection('auditsinks')
      .updateOne({ _id: 'otlp' as never }, [{ $set: { seenAt: { $subtract: ['$$NOW', agoMs] } } }]);
  await seen(FORGOTTEN_MS - 60_000);
  expect(await audit.compare()).toEqual(['otlp']);
  await seen(FORGOTTEN_MS);
  expect(await audit.compare()).toEqual([]);
});

test('the backlog of a sink is measured: its size and its age', async () => {
  const sink = new MemorySink();
  const { audit, value } = worker('w', [sink]);
  await stores.get(EventStore).append([event('u', { at: NOON - 60_000 }), event('u')]);
  stores.clock.advance(30_000);
  expect(await value('rollcall_unexported_events')).toBe(2);
  expect(await value('rollcall_oldest_unexported_event_seconds')).toBe(90);
  await audit.pass();
  expect(await value('rollcall_unexported_events')).toBe(0);
  expect(await value('rollcall_oldest_unexported_event_seconds')).toBe(0);
});

test('without sinks there is no backlog', async () => {
  const { value } = worker('w', []);
  await stores.get(EventStore).append([event('u')]);
  expect(await value('rollcall_unexported_events')).toBe(0);
});
