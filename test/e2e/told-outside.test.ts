import { expect, test } from '@jest/globals';
import { createWebhook, deactivateNode } from '../../client/index.js';
import { useCluster } from '../support/cluster/use-cluster.js';
import { eventually } from '../support/eventually.js';
import { fails, useReceiver } from '../support/webhooks/receiver.js';

const env = {
  ORCHESTRATOR__ALERTS__SETTLE: '1s',
  ORCHESTRATOR__WEBHOOKS__ALLOWPRIVATE: 'true',
  ORCHESTRATOR__WEBHOOKS__FIRSTRETRY: '100ms',
};
const cluster = useCluster(['node-1', 'node-2'], { DisconnectTimeout: '10s', UnknownTimeout: '10s' }, { env });
const receiver = useReceiver();

/** Deliveries about a node, in order, without repetitions of a webhook-id. */
function toldOf(node: string): string[] {
  const seen = new Map<string, string>();
  for (const { headers, body } of receiver.told) {
    const { subject, type } = JSON.parse(body) as { subject?: string; type: string };
    if (subject === node) seen.set(String(headers['webhook-id']), type.replace('rollcall.alert.', ''));
  }
  return [...seen.values()];
}

test('an outage and its end are reported once, though the worker is killed and the receiver fails meanwhile; maintenance is not', async () => {
  const body = { name: 'on-call', url: receiver.url, kinds: ['NodeLost' as const] };
  await createWebhook({ client: cluster.admin, throwOnError: true, body });
  await deactivateNode({
    client: cluster.admin,
    throwOnError: true,
    path: { id: 'node-2' },
    body: { reason: 'disks' },
  });
  receiver.answers.push(fails(503), fails(500));
  await cluster.agents.get('node-1')?.kill();
  await cluster.agents.get('node-2')?.kill();
  await eventually(() => expect(receiver.told.length).toBeGreaterThan(0), 60_000);
  await cluster.worker.kill();
  await cluster.worker.start();
  await eventually(() => expect(toldOf('node-1')).toEqual(['NodeLost.raised']), 60_000);
  await cluster.agents.get('node-1')?.start();
  await eventually(() => expect(toldOf('node-1')).toEqual(['NodeLost.raised', 'NodeLost.cleared']), 60_000);
  // Of each delivery the receiver got only repetitions with the same id.
  expect(toldOf('node-2')).toEqual([]);
});
