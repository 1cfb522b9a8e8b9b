import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { lifecycleWorkflowId } from '../../../contract/lifecycle.js';
import { Lifecycles } from '../../../src/lifecycle/lifecycles.js';
import { TemporalProbe } from '../../../src/process/server-probe.js';
import { NodeStore, type NodeRecord } from '../../../src/record/node-store.js';
import { TemporalClient } from '../../../src/temporal/temporal-client.js';
import { eventually } from '../../support/eventually.js';
import { change, newNode } from '../../support/mongo/node-fixtures.js';
import { useMongod } from '../../support/servers/mongod.js';
import { useTemporal } from '../../support/servers/temporal.js';
import { ownConfig, startClient, startWorker } from '../../support/temporal/control-plane.js';
import { removeFolder } from '../../support/remove-folder.js';

// A failed task is tried again after 20 s, its timeout: too long for the other tests.

const mongod = useMongod();
const temporal = useTemporal();
const folder = mkdtempSync(join(tmpdir(), 'rollcall-payload-keys-'));
afterAll(() => removeFolder(folder));

test('a worker without the newest key fails tasks but no workflow, says so, and continues once it has the key', async () => {
  const [old, fresh] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
  const [ofClient, ofWorker] = [join(folder, 'client.keys'), join(folder, 'worker.keys')];
  for (const file of [ofClient, ofWorker]) writeFileSync(file, `${old}\n`);
  const config = ownConfig(mongod.uri, temporal.address, { 'Orchestrator.Temporal.Payloads.KeyFile': ofClient });
  const withFileOfWorker = structuredClone(config);
  withFileOfWorker.Orchestrator.Temporal.Payloads.KeyFile = ofWorker;
  const client = await startClient(config);
  const worker = await startWorker(withFileOfWorker);
  try {
    const nodes = client.get(NodeStore);
    const { uid } = await nodes.create(newNode('node-1', { at: Date.now() }), []);
    const record = async () => (await nodes.findByUid(uid)) as NodeRecord;
    const applied = (seq: number) => eventually(async () => expect((await record()).applied?.seq).toBe(seq), 120_000);
    await applied(1);

    // In the wrong order: first where it encrypts.
    writeFileSync(ofClient, `${fresh}\n${old}\n`);
    process.emit('SIGHUP');
    const decided = await nodes.commitDecision(change(await record(), 'deactivate', 'new disks', Date.now()));
    if (decided === 'conflict') throw new Error(decided);
    await client.get(Lifecycles).signalDecision(decided);
    const handle = temporal.env.client.workflow.getHandle(lifecycleWorkflowId('node-1'));
    await eventually(async () => {
      const { events } = await handle.fetchHistory();
      expect(events?.some((event) => event.workflowTaskFailedEventAttributes)).toBe(true);
    }, 60_000);
    const read = client.get(TemporalClient).workflows.getHandle(handle.workflowId);
    expect((await read.describe()).status.name).toBe('RUNNING');
    expect(() => worker.get(TemporalProbe).assertReadable()).toThrow(
      /^Temporal keeps what is encrypted with key [0-9a-f]{16}, and this process does not have that key: add it as a line of .*worker\.keys/,
    );
    expect(() => client.get(TemporalProbe).assertReadable()).not.toThrow();
    expect((await record()).applied?.seq).toBe(1);

    writeFileSync(ofWorker, `${old}\n${fresh}\n`);
    await applied(decided.decision.seq);
    await eventually(() => worker.get(TemporalProbe).assertReadable());
  } finally {
    await worker.close();
    await client.close();
  }
}, 300_000);
