import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection, WorkflowClient, type WorkflowHandle } from '@temporalio/client';
import { mongo } from 'mongoose';
import { createClient, type Client } from '../../../client/client/index.js';
import { LIFECYCLE_QUERY, lifecycleWorkflowId, type LifecycleView } from '../../../contract/lifecycle.js';
import type { Node } from '../../../contract/schemas/nodes.js';
import { ApiAccess } from '../../../embedded/api-access.js';
import { Home } from '../../../embedded/home.js';
import { mongodUri } from '../../../embedded/run-mongod.js';
import { mintToken } from '../../../src/auth/secret-token.js';
import type { NodeDocument } from '../../../src/mongo/schemas/node.schema.js';
import { eventually } from '../eventually.js';
import { until } from './local-cluster.js';
import type { Relay } from '../relay.js';
import { clusterConfiguration, freeClusterPorts, LOOPBACK, type ClusterPorts } from './cluster-configuration.js';
import { agentProcess, clusterProcesses } from './cluster-processes.js';
import type { Victim } from './victim.js';
import { openWays, type Ways } from './ways.js';
import { removeFolder } from '../remove-folder.js';

/** Events at the beginning of a workflow's history: started, its first task scheduled, started, completed. */
const FIRST_TASK_COMPLETED = 4;
const TEMPORAL_ANSWERS_WITHIN_MS = 2_000;

/** A node's events in MongoDB. */
export interface StoredEvent {
  from: string | null;
  _id: string;
  uid: string;
  node: string;
  at: number;
  type: string;
  by: string;
  reason: string;
}

/** Differences from an ordinary cluster. */
interface ClusterOptions {
  /** Its home; by default a folder of its own. */
  folder?: string;
  /** Its processes reach each other through relays that can be broken. */
  hasWays?: boolean;
  /** Labels of its agents. */
  agentLabels?: Record<string, string>;
  /** Additional environment of api, worker and agents. */
  env?: Record<string, string>;
}

/**
 * A whole cluster of Rollcall's own processes on the real servers, in a home of its own. Nothing supervises it: what a
 * test kills stays dead until the test starts it.
 */
export class FaultCluster {
  readonly agents = new Map<string, Victim>();
  readonly url: string;
  /** Address of the api for agents, and for administrators on the agents' network. */
  readonly front: string;
  /** Sends requests as the administrator. */
  readonly admin: Client;
  readonly db: mongo.Db;
  readonly #mongo: mongo.MongoClient;
  readonly #connection: Connection;
  readonly #workflows: WorkflowClient;

  private constructor(
    readonly home: Home,
    private readonly ports: ClusterPorts,
    readonly adminToken: string,
    readonly joinToken: string,
    readonly mongod: Victim,
    readonly temporal: Victim,
    readonly worker: Victim,
    readonly api: Victim,
    readonly ways: Ways | undefined,
    private readonly agentLabels: Record<string, string>,
    private readonly env: Record<string, string>,
  ) {
    this.front = ways?.['front to api'].url ?? `http://${LOOPBACK}:${ports.api}`;
    this.url = `http://${LOOPBACK}:${ports.api}`;
    this.admin = this.as(adminToken);
    this.#mongo = new mongo.MongoClient(this.mongoUri, {
      serverSelectionTimeoutMS: 1_000,
      readPreference: 'primary',
      readConcern: { level: 'majority' },
    });
    this.db = this.#mongo.db();
    this.#connection = Connection.lazy({
      address: `${LOOPBACK}:${ports.temporal}`,
      channelArgs: { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 500 },
    });
    this.#workflows = new WorkflowClient({ connection: this.#connection });
  }

  /** Address of the worker's probes and metrics. */
  get workerUrl(): string {
    return `http://${LOOPBACK}:${this.ports.workerDoor}`;
  }

  get mongoUri(): string {
    return mongodUri(this.ports.mongod);
  }

  /** A cluster of which nothing runs yet. */
  static async prepare(
    nodeManager: Record<string, unknown> = {},
    { folder, hasWays = false, agentLabels = {}, env = {} }: ClusterOptions = {},
  ): Promise<FaultCluster> {
    const home = await Home.open(folder ?? (await mkdtemp(join(tmpdir(), 'rollcall-faults-'))));
    const ports = await freeClusterPorts();
    const [adminToken, joinToken] = [mintToken('rca').text, mintToken('rcj').text];
    const joinTokenFile = join(home.secrets, 'join-token');
    await Promise.all([writeFile(home.adminTokenFile, adminToken), writeFile(joinTokenFile, joinToken)]);
    await writeFile(home.configFile, JSON.stringify(clusterConfiguration(home, ports, joinTokenFile, nodeManager)));

    const ways = hasWays ? await openWays(ports) : undefined;
    const { mongod, temporal, worker, api } = await clusterProcesses(home, ports, ways, env);
    return new FaultCluster(home, ports, adminToken, joinToken, mongod, temporal, worker, api, ways, agentLabels, env);
  }

  /** A ready cluster, with a running HEALTHY agent for each name. */
  static async start(
    agents: string[] = [],
    nodeManager: Record<string, unknown> = {},
    options: ClusterOptions = {},
  ): Promise<FaultCluster> {
    const cluster = await FaultCluster.prepare(nodeManager, options);
    try {
      await Promise.all([cluster.mongod.start(), cluster.temporal.start()]);
      // If its first connection were made while mongod is away, the driver would close for good.
      await cluster.#mongo.connect();
      await Promise.all([cluster.worker.start(), cluster.api.start()]);
      await cluster.ready();
      await Promise.all(agents.map((name) => cluster.startAgent(name)));
      for (const name of agents) await cluster.status(name, 'HEALTHY');
    } catch (error) {
      await cluster.end();
      throw error;
    }
    return cluster;
  }

  get victims(): Victim[] {
    return [...this.agents.values(), this.api, this.worker, this.temporal, this.mongod];
  }

  /** Kills everything, and removes the home (unless KEEP is set, to keep its logs). */
  async end(): Promise<void> {
    await Promise.all(this.victims.map((victim) => victim.kill()));
    await Promise.all([
      this.#mongo.close(),
      this.#connection.close(),
      ...Object.values<Relay>({ ...this.ways }).map((way) => way.stop()),
    ]);
    if (process.env['KEEP'] === undefined) await removeFolder(this.home.path);
  }

  /** Sends requests with this token, or with none. */
  as(token?: string): Client {
    return createClient({ baseUrl: this.url, ...(token === undefined ? {} : { auth: token }) });
  }

  /** Resolves when the api reports all its servers, and knows its administrator. */
  async ready(): Promise<void> {
    const access = new ApiAccess(this.url, this.adminToken);
    await until(
      async () => (await access.isReady().catch(() => false)) && (await access.knowsAdministrator().catch(() => false)),
      'the api is ready',
    );
  }

  /** The answer of /readyz. */
  async readiness(): Promise<{ status: number; body: unknown }> {
    const answer = await fetch(`${this.url}/readyz`);
    return { status: answer.status, body: await answer.json() };
  }

  /** Starts the agent of this name, with its earlier state if it ran before. */
  async startAgent(name: string): Promise<Victim> {
    const agent = this.agents.get(name) ?? this.#newAgent(name);
    await agent.start();
    return agent;
  }

  /** The living node of this name, in the record. */
  async record(name: string): Promise<NodeDocument> {
    const node = await this.db.collection<NodeDocument>('nodes').findOne({ name, living: true });
    if (!node) throw new Error(`there is no living node ${name}`);
    return node;
  }

  events(uid: string): Promise<StoredEvent[]> {
    return this.db.collection<StoredEvent>('events').find({ uid }).sort({ at: 1 }).toArray();
  }

  async eventTypes(uid: string): Promise<string[]> {
    return (await this.events(uid)).map(({ type }) => type);
  }

  /** The node as an administrator sees it. */
  async node(name: string): Promise<Node> {
    const answer = await fetch(`${this.url}/v1/nodes/${name}`, {
      headers: { authorization: `Bearer ${this.adminToken}` },
    });
    if (!answer.ok) throw new Error(`GET /v1/nodes/${name} was answered with ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Node;
  }

  /** Resolves when the node has this STATUS. */
  async status(name: string, status: Node['status'], withinMs = 30_000): Promise<Node> {
    return eventually(async () => {
      const node = await this.node(name);
      // Judged, not only overdue.
      assert.deepEqual([name, node.status, node.overdue], [name, status, false]);
      return node;
    }, withinMs);
  }

  workflow(name: string): WorkflowHandle {
    return this.#workflows.getHandle(lifecycleWorkflowId(name));
  }

  /** Resets the node's workflow to its first task, like an operator; signals since then are delivered again. */
  async resetWorkflow(name: string): Promise<void> {
    const { runId, workflowId, raw } = await this.workflow(name).describe();
    // A number as in Temporal's messages.
    const firstTask = raw.workflowExecutionInfo?.historyLength?.constructor as unknown as {
      fromNumber(value: number): never;
    };
    const request = {
      namespace: 'default',
      workflowExecution: { workflowId, runId },
      reason: 'by hand',
      workflowTaskFinishEventId: firstTask.fromNumber(FIRST_TASK_COMPLETED),
      requestId: randomUUID(),
    };
    await this.#connection.workflowService.resetWorkflowExecution(request);
  }

  /** A request to Temporal that fails soon if there is no answer. */
  askTemporal<Answer>(request: () => Promise<Answer>, withinMs = TEMPORAL_ANSWERS_WITHIN_MS): Promise<Answer> {
    return this.#connection.withDeadline(Date.now() + withinMs, request);
  }

  /** The node's workflow's view of itself; on a busy machine a worker may be late for a query, which is retried. */
  lifecycle(name: string, withinMs = 30_000, answersWithinMs?: number): Promise<LifecycleView> {
    return eventually(
      () => this.askTemporal(() => this.workflow(name).query<LifecycleView>(LIFECYCLE_QUERY), answersWithinMs),
      withinMs,
    );
  }

  /** Resolves when the workflow has applied the node's latest decision and the record shows it; returns the workflow's view. */
  async settled(name: string, withinMs = 40_000): Promise<LifecycleView> {
    return eventually(async () => {
      const { _id: uid, decision, applied } = await this.record(name);
      assert.deepEqual({ node: name, uid, applied: applied?.seq }, { node: name, uid, applied: decision.seq });
      const view = await this.lifecycle(name, 0);
      assert.deepEqual({ node: name, uid: view.uid, seq: view.seq }, { node: name, uid, seq: decision.seq });
      return view;
    }, withinMs);
  }

  #newAgent(name: string): Victim {
    const { home, front, joinToken, agentLabels: labels, env } = this;
    const agent = agentProcess(home, name, { front, joinToken, labels, env });
    this.agents.set(name, agent);
    return agent;
  }
}
