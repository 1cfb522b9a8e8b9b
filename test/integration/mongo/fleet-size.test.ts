import { expect, test } from '@jest/globals';
import { loadConfig } from '../../../contract/config/load-config.js';
import { HeartbeatPace } from '../../../src/cluster/heartbeat-pace.js';
import { PulseStore } from '../../../src/cluster/pulse-store.js';
import { ClusterStore } from '../../../src/cluster/cluster-store.js';
import { FleetSize } from '../../../src/cluster/fleet-size.js';
import { NodeStore } from '../../../src/record/node-store.js';
import { eventually } from '../../support/eventually.js';
import { newNode } from '../../support/mongo/node-fixtures.js';
import { useStores } from '../../support/mongo/open-stores.js';

const stores = useStores();
test('a replica learns the numbers of nodes and replicas without waiting, and paces heartbeats by them', async () => {
  const { clock } = stores;
  const pulses = stores.get(PulseStore);
  const fleet = new FleetSize(stores.get(ClusterStore), pulses, clock);
  const pace = new HeartbeatPace(
    fleet,
    loadConfig({
      env: {},
      flags: { 'Compute.Heartbeat.Interval': '1s', 'Orchestrator.NodeManager.MaxHeartbeatsPerSecond': '2' },
    }),
  );
  // Nobody has answered yet.
  expect([fleet.current, fleet.replicas, pace.intervalMs, pace.isStretched]).toEqual([0, 1, 1_000, false]);

  await Promise.all(['a', 'b', 'c'].map((name) => stores.get(NodeStore).create(newNode(name), [])));
  await pulses.resume('one', clock.now());
  await pulses.beat('two', clock.now());
  const learns = (what: unknown[]) =>
    eventually(() => {
      clock.advance(2_000);
      expect([fleet.current, fleet.replicas, pace.intervalMs, pace.configuredMs, pace.isStretched]).toEqual(what);
    });
  expect(await pulses.recording(clock.now())).toBe(2);
  expect(await pulses.recording(clock.now() + 5_000)).toBe(0);
  await learns([3, 1, 1_500, 1_000, true]);

  // Two that go on: each has half of the budget.
  const both = async () => {
    await Promise.all(['one', 'two'].map((replica) => pulses.beat(replica, clock.now())));
    clock.advance(2_000);
    expect([fleet.current, fleet.replicas]).toEqual([3, 2]);
  };
  await eventually(both);
});
