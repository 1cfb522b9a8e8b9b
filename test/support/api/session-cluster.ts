import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { expect } from '@jest/globals';
import {
  getNode,
  listNodeSessions,
  openSession,
  type OpenSessionRequest,
  type Session,
} from '../../../client/index.js';
import type { ErrorCode } from '../../../contract/errors.js';
import { TemporalModule } from '../../../src/temporal/temporal.module.js';
import { eventually } from '../eventually.js';
import { sharedMongod, type Mongod } from '../servers/mongod.js';
import { startTemporal, type Temporal } from '../servers/temporal.js';
import { AgentUnderTest } from './agent-under-test.js';
import { freshDatabase, startApi, type ApiUnderTest } from './api-under-test.js';
import { startWorker } from './worker-under-test.js';
import { useInSuite } from '../use-in-suite.js';

export const GiB = 1_024 ** 3;

/** Two replicas of the api, a worker, and their servers; the test plays the agents. */
class SessionCluster {
  private constructor(
    readonly mongod: Mongod,
    readonly temporal: Temporal,
    readonly api: ApiUnderTest,
    readonly second: ApiUnderTest,
    readonly worker: INestApplicationContext,
  ) {}

  static async start(settings: Record<string, string> = {}): Promise<SessionCluster> {
    const [mongod, temporal] = await Promise.all([sharedMongod(), startTemporal()]);
    const mongoUri = freshDatabase(mongod.uri);
    const common = {
      mongoUri,
      temporal: TemporalModule.forClient.bind(TemporalModule),
      settings: {
        'Orchestrator.Temporal.Address': temporal.address,
        // The test's agents beat only when a test needs it.
        'Orchestrator.NodeManager.DisconnectTimeout': '5m',
        'Orchestrator.NodeManager.MissedHeartbeatsWarning': '1000',
        ...settings,
      },
    };
    const api = await startApi(common);
    const second = await startApi({
      ...common,
      settings: { ...common.settings, 'Orchestrator.Name': 'node-00' },
      tokens: { admin: api.adminToken, join: api.joinToken },
    });
    return new SessionCluster(mongod, temporal, api, second, await startWorker(api.config));
  }

  async close(): Promise<void> {
    await this.worker.close();
    await Promise.all([this.api.close(), this.second.close()]);
    await Promise.all([this.temporal.stop(), this.mongod.stop()]);
  }

  /** An agent whose node gets sessions: 4 cores, 8 GB of memory, 90 GB of disk. */
  async node(name: string, labels: Record<string, string> = {}): Promise<AgentUnderTest> {
    const agent = new AgentUnderTest(this.api);
    const { data, error } = await agent.register(this.api.joinToken, { name, labels });
    if (!data) throw new Error(`could not join: ${JSON.stringify(error)}`);
    agent.uid = data.uid;
    await agent.authenticate();
    await eventually(async () => {
      // Repeated, in case a busy machine took longer than the node may be silent.
      if ((await this.describe(name))?.status !== 'HEALTHY') await agent.beat();
      expect(await this.describe(name)).toMatchObject({
        phase: 'ACTIVE',
        status: 'HEALTHY',
        lastHeartbeat: expect.any(String),
        resources: expect.anything(),
      });
    });
    return agent;
  }

  async describe(name: string) {
    return (await getNode({ client: this.api.admin, path: { id: name } })).data;
  }

  /** The workflow's session cache of the node. */
  async cacheOf(name: string) {
    const { data } = await listNodeSessions({ client: this.api.admin, path: { id: name } });
    expect(data?.source).toBe('workflow');
    return data?.items ?? [];
  }

  open(changes: Partial<OpenSessionRequest> = {}, api = this.api, headers: Record<string, string> = {}) {
    return openSession({ client: api.admin, body: { principal: 'ana', sql: 'select 1', ...changes }, headers });
  }

  /** Like {@link open}, but retried with the same key when the answer is to try again. */
  openPatiently(changes: Partial<OpenSessionRequest>, api = this.api) {
    const headers = { 'idempotency-key': randomUUID() };
    return patiently(() => this.open(changes, api, headers));
  }

  async opened(changes: Partial<OpenSessionRequest> = {}): Promise<Session> {
    const { data, error } = await this.open(changes);
    if (!data) throw new Error(`no session: ${JSON.stringify(error)}`);
    return data;
  }
}

/** Such a cluster for the tests of a file. */
export function useSessionCluster(settings: Record<string, string> = {}): SessionCluster {
  return useInSuite(
    () => SessionCluster.start(settings),
    (cluster) => cluster.close(),
  );
}

/** Retries while the api is busy, as a client does; returns any other answer. */
export function patiently<Answer extends { error?: { code: ErrorCode } | undefined }>(
  ask: () => Promise<Answer>,
): Promise<Answer> {
  return eventually(async () => {
    const answer = await ask();
    expect(['UNAVAILABLE', 'DECISION_CONFLICT']).not.toContain(answer.error?.code);
    return answer;
  }, 60_000);
}

/** As the node's own engine reports it. */
export function running(session: Pick<Session, 'id' | 'principal' | 'statement'>) {
  return {
    id: session.id,
    kind: 'managed' as const,
    principal: session.principal,
    statement: session.statement,
    state: 'RUNNING' as const,
    startedAt: new Date().toISOString(),
  };
}

export function ended(session: Pick<Session, 'id'>, state: 'COMPLETED' | 'FAILED' | 'TERMINATED' = 'COMPLETED') {
  const at = new Date().toISOString();
  return {
    id: session.id,
    kind: 'managed' as const,
    state,
    reason: '',
    startedAt: at,
    endedAt: at,
    rows: 1,
    resultFile: `results/${session.id}.csv`,
    preview: { columns: [{ name: 'a', type: 'INTEGER' }], rows: [['1']], truncated: false },
  };
}
