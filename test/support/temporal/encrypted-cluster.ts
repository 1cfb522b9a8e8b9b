import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { expect } from '@jest/globals';
import { getNode } from '../../../client/index.js';
import { lifecycleWorkflowId } from '../../../contract/lifecycle.js';
import { readinessSchema } from '../../../contract/schemas/health.js';
import { CLUSTER_CLAIM_ID } from '../../../contract/temporal-names.js';
import { readKeyFile } from '../../../src/process/key-file.js';
import { TemporalModule } from '../../../src/temporal/temporal.module.js';
import { AgentUnderTest } from '../api/agent-under-test.js';
import { freshDatabase, startApi, type ApiUnderTest } from '../api/api-under-test.js';
import { startWorker } from '../api/worker-under-test.js';
import { eventually } from '../eventually.js';
import { useMongod, type Mongod } from '../servers/mongod.js';
import { useTemporal, type Temporal } from '../servers/temporal.js';
import { useInSuite } from '../use-in-suite.js';
import { allThatIsKept, payloadsIn } from './payloads-in.js';
import { removeFolder } from '../remove-folder.js';

/** A key, as a line of the file. */
export const newPayloadKey = () => randomBytes(32).toString('base64');

/** An api and a worker over a real Temporal, which can be restarted with other keys. */
export class EncryptedCluster {
  readonly folder = mkdtempSync(join(tmpdir(), 'rollcall-payloads-'));
  readonly keyFile = join(this.folder, 'payload.keys');
  /** For {@link begin}. */
  readonly encrypted = { 'Orchestrator.Temporal.Payloads.KeyFile': this.keyFile };
  private readonly mongoUri: string;
  private tokens: { admin: string; join: string } | undefined;
  private running: { api: ApiUnderTest; worker: INestApplicationContext } | undefined;

  constructor(
    mongod: Mongod,
    readonly temporal: Temporal,
  ) {
    this.mongoUri = freshDatabase(mongod.uri);
  }

  get api(): ApiUnderTest {
    return this.now.api;
  }

  get worker(): INestApplicationContext {
    return this.now.worker;
  }

  /** Replaces the content of the key file. */
  keep(...keys: string[]): void {
    writeFileSync(this.keyFile, keys.map((key) => `${key}\n`).join(''));
  }

  idOf(key: string): string {
    const path = join(this.folder, 'one.key');
    writeFileSync(path, key);
    return readKeyFile('Orchestrator.Temporal.Payloads.KeyFile', path)[0]?.id ?? '';
  }

  /** Ends both, and starts them with these settings. */
  async begin(settings: Record<string, string>): Promise<void> {
    await this.stop();
    const api = await startApi({
      mongoUri: this.mongoUri,
      temporal: (config) => TemporalModule.forClient(config),
      settings: {
        'Orchestrator.Temporal.Address': this.temporal.address,
        'Orchestrator.NodeManager.DisconnectTimeout': '5m',
        'Orchestrator.NodeManager.MissedHeartbeatsWarning': '1000',
        ...settings,
      },
      ...(this.tokens && { tokens: this.tokens }),
    });
    this.tokens = { admin: api.adminToken, join: api.joinToken };
    this.running = { api, worker: await startWorker(api.config) };
  }

  async end(): Promise<void> {
    await this.stop();
    await removeFolder(this.folder);
  }

  /** A node whose agent has beaten; sessions with the label `only: its name` run only there. */
  async joined(name: string): Promise<AgentUnderTest> {
    const agent = new AgentUnderTest(this.api);
    const { data } = await agent.register(this.api.joinToken, { name, labels: { only: name } });
    agent.uid = data?.uid ?? '';
    await agent.authenticate();
    await eventually(async () => {
      await agent.beat();
      expect(await this.node(name)).toMatchObject({ phase: 'ACTIVE', status: 'HEALTHY' });
    }, 60_000);
    return agent;
  }

  path(id: string) {
    return { client: this.api.admin, path: { id } };
  }

  async node(id: string) {
    return (await getNode(this.path(id))).data;
  }

  becomes(id: string, expected: Record<string, unknown>) {
    return eventually(async () => expect(await this.node(id)).toMatchObject(expected), 60_000);
  }

  async readiness() {
    return readinessSchema.parse(await (await this.api.raw('/readyz')).json());
  }

  kept() {
    return allThatIsKept(this.temporal.env.client.workflow);
  }

  /** All runs of a node's workflow. */
  async ofNode(name: string) {
    return (await this.kept()).get(lifecycleWorkflowId(name)) ?? [];
  }

  /** Empty if the payload is not encrypted. */
  async keyOfClaim(): Promise<string | undefined> {
    const { workflowExecutionInfo } = await this.temporal.env.connection.workflowService.describeWorkflowExecution({
      namespace: 'default',
      execution: { workflowId: CLUSTER_CLAIM_ID },
    });
    return payloadsIn(workflowExecutionInfo?.memo)[0]?.keyId;
  }

  private get now() {
    if (this.running === undefined) throw new Error('begin it first');
    return this.running;
  }

  private async stop(): Promise<void> {
    const { running } = this;
    this.running = undefined;
    await running?.worker.close();
    await running?.api.close();
  }
}

/** Such a cluster for the tests of a file. */
export function useEncryptedCluster(mongod = useMongod(), temporal = useTemporal()): EncryptedCluster {
  return useInSuite(
    () => Promise.resolve(new EncryptedCluster(mongod, temporal)),
    (cluster) => cluster.end(),
  );
}
