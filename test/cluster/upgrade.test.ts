import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { cancelDrain, createDrain, createJoinToken, getDrain } from '../../client/index.js';
import { freePort } from '../../embedded/free-port.js';
import { Home } from '../../embedded/home.js';
import { INSTALLATION } from '../../embedded/installation.js';
import { Administrator } from '../e2e/chaos/administrator.js';
import { Ledger } from '../e2e/chaos/ledger.js';
import { Promises } from '../e2e/chaos/promises.js';
import { until } from '../support/cluster/local-cluster.js';
import { Simulator } from '../support/cluster/simulator.js';
import { Victim } from '../support/cluster/victim.js';
import { eventually } from '../support/eventually.js';
import { formerBuild, hasCommit } from '../support/former-build.js';
import { SeededRandom } from '../support/seeded-random.js';
import { DEPLOYMENT, deploymentCommand } from '../support/temporal/worker-versions.js';
import { ProductionCluster } from './production-cluster.js';
import { SwitchedInstallation } from './switched-installation.js';
import { removeFolder } from '../support/remove-folder.js';

/**
 * The upgrade of docs/operations.md, on the production shape and under load: from an earlier commit to this one, back, and forward again. 200 nodes
 * beat, two administrators decide, and a drain of all nodes is under way. Each test continues where the previous one ended.
 */

/** The first commit whose workers have versions. Move it to the tag of a release. */
const FORMER = process.env['UPGRADE_FROM'] ?? 'c27de5e';
const SIMULATED = Number(process.env['UPGRADE_NODES'] ?? 200);
const AGENTS = ['node-1', 'node-2'];
const SEED = Number(process.env['CHAOS_SEED'] ?? 20_261_129);
/** Minimum number of acknowledged decisions between two steps. */
const DECISIONS = 10;
const TIMEOUT = '15s';
const STOP_WITHIN_MS = 30_000;
const RUNNING = "ExecutionStatus = 'Running'";

const isHere = hasCommit(FORMER);
const said = (what: string) => process.stderr.write(`${what.trimEnd()}\n`);

(isHere ? describe : describe.skip)(isHere ? `from ${FORMER}` : `skipped: this clone has no commit ${FORMER}`, () => {
  const ledger = new Ledger();
  const over = new AbortController();
  const today = join(INSTALLATION, 'dist');
  let former: string;
  let folder: string;
  let installation: SwitchedInstallation;
  let cluster: ProductionCluster;
  let simulator: Simulator | undefined;
  let connection: Connection;
  let workflows: Client['workflow'];
  let administrators: Promise<unknown> = Promise.resolve();
  let drain: string;
  const beside: Victim[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-upgrade-'));
    former = formerBuild(FORMER, await mkdtemp(join(folder, 'former-')));
    installation = await SwitchedInstallation.make(await mkdtemp(join(folder, 'current-')), former);
    const settings = {
      Compute: { Heartbeat: { Interval: '2s' } },
      Orchestrator: {
        NodeManager: { DisconnectTimeout: TIMEOUT, UnknownTimeout: TIMEOUT },
        Worker: { Deployment: DEPLOYMENT },
      },
    };
    cluster = await ProductionCluster.start(AGENTS.length, settings, installation.folder);
    connection = await Connection.connect({ address: temporal() });
    workflows = new Client({ connection }).workflow;
    const { data } = await createJoinToken({
      client: cluster.admin,
      body: { maxUses: SIMULATED, expiresIn: '6h', autoApprove: true },
    });
    const fleet = new Simulator('0', cluster.url, data?.token ?? '', SIMULATED, SEED, cluster.caFile);
    simulator = fleet;
    await until(() => fleet.hasJoined, 'all simulated agents have joined', 240_000);
    const person = (name: string, index: number) =>
      new Administrator(name, cluster.url, cluster.token, new SeededRandom(SEED + index), ledger, AGENTS);
    administrators = Promise.all(['ada', 'bob'].map((name, index) => person(name, index).work(over.signal)));
    const { data: set } = await createDrain({
      client: cluster.admin,
      body: { labels: ['pool=0'], maxUnavailable: 3, reason: 'through all versions' },
    });
    drain = set?.id ?? '';
    await decide();
  }, 1_200_000);

  afterAll(async () => {
    over.abort();
    await administrators;
    await simulator?.end();
    await Promise.all(beside.map((worker) => worker.kill()));
    await connection?.close();
    await cluster?.end();
    await removeFolder(folder);
  }, 240_000);

  const temporal = () => `${cluster.addresses['temporal']}:7233`;
  const command = async (verb: string, ...args: string[]) => {
    said(`$ temporal worker deployment ${verb} --deployment-name ${DEPLOYMENT} ${args.join(' ')}`);
    said(await deploymentCommand(temporal(), verb, ...args));
  };
  const acknowledged = () => ledger.of('acknowledged').length;
  const readiness = async (name: string): Promise<Record<string, unknown>> => {
    const port = name.startsWith('api') ? 8480 : 9464;
    const answer = await fetch(`http://${cluster.addresses[name]}:${port}/readyz`);
    expect([name, answer.status]).toEqual([name, 200]);
    return (await answer.json()) as Record<string, unknown>;
  };
  /** Running workflows: how many have that version, and how many of these are pinned to it. */
  async function countOf(buildId: string): Promise<{ all: number; pinned: number }> {
    const query = `TemporalWorkerDeploymentVersion = '${DEPLOYMENT}:${buildId}' AND ${RUNNING}`;
    const pinned = `${query} AND TemporalWorkflowVersioningBehavior = 'Pinned'`;
    return { all: (await workflows.count(query)).count, pinned: (await workflows.count(pinned)).count };
  }

  async function decide(): Promise<void> {
    const before = acknowledged();
    await until(() => acknowledged() >= before + DECISIONS, `${DECISIONS} decisions are acknowledged`, 120_000);
    const { data } = await getDrain({ client: cluster.admin, path: { id: drain } });
    expect(['RUNNING', 'DONE']).toContain(data?.state);
  }

  /** A worker of this build beside those that run, with the same configuration. */
  async function startBeside(build: string): Promise<{ worker: Victim; buildId: string }> {
    const name = `worker-${3 + beside.length}`;
    const proc = join('/proc', String(await cluster.pid('worker-1')));
    const read = async (file: string) => (await readFile(join(proc, file), 'utf8')).split('\0').filter(Boolean);
    const [[program = '', , ...args], env] = [await read('cmdline'), await read('environ')];
    const metrics = `Orchestrator.Worker.MetricsAddress=127.0.0.1:${await freePort('127.0.0.1', [])}`;
    const spec = {
      name,
      command: program,
      args: [join(build, 'src', 'worker.main.js'), ...args, '--set', metrics],
      env: Object.fromEntries(env.map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)])),
      stopWithinMs: STOP_WITHIN_MS,
    };
    const home = await Home.open(cluster.home.path);
    const worker = new Victim(
      home,
      () => spec,
      () => Promise.resolve(true),
    );
    beside.push(worker);
    await worker.start();
    const buildId = await eventually(async () => {
      const [, found] = /this worker’s version.*"buildId":"([0-9a-f]+)"/.exec(await worker.log()) ?? [];
      if (found === undefined) throw new Error(`${name} does not say its version`);
      return found;
    }, 60_000);
    return { worker, buildId };
  }

  /** Ended by SIGTERM, it restarts from the current build. */
  async function restart(name: string): Promise<void> {
    await cluster.kill(name, 'SIGTERM');
    said(`${name}: ${JSON.stringify(await eventually(() => readiness(name), 60_000))}`);
    await decide();
  }

  async function moveWorkers(build: string): Promise<void> {
    const from = (await readiness('worker-1'))['version'] as { buildId: string };
    const next = [await startBeside(build), await startBeside(build)];
    const [{ buildId, worker }] = next as [(typeof next)[0]];
    expect(buildId).not.toBe(from.buildId);
    said((await worker.log()).split('\n').findLast((line) => line.includes('this worker’s version')) ?? '');
    await command('set-ramping-version', '--build-id', buildId, '--percentage', '10');
    await decide();
    said(
      `ramping: ${JSON.stringify({ [buildId]: await countOf(buildId), [from.buildId]: await countOf(from.buildId) })}`,
    );
    await command('set-current-version', '--build-id', buildId);
    const since = Date.now();
    await eventually(async () => expect((await countOf(from.buildId)).pinned).toBe(0), 180_000);
    said(
      `all went over within ${((Date.now() - since) / 1_000).toFixed(0)} s: ${JSON.stringify(await countOf(buildId))}`,
    );
    for (const name of ['worker-1', 'worker-2']) await restart(name);
    for (const { worker: helper } of next) await helper.stop();
  }

  async function moveApis(): Promise<void> {
    for (const name of ['api-1', 'api-2']) await restart(name);
  }

  const steps: [string, () => string, 'workers first' | 'apis first'][] = [
    ['upgraded', () => today, 'workers first'],
    ['rolled back', () => former, 'apis first'],
    ['upgraded again', () => today, 'workers first'],
  ];
  test.each(steps)(
    'it is %s under load: decisions and the drain go on',
    async (what, build, order) => {
      const peace = ledger.inflict(what);
      const since = Date.now();
      await installation.switchTo(build());
      if (order === 'apis first') await moveApis();
      await moveWorkers(build());
      if (order === 'workers first') await moveApis();
      peace();
      said(
        `${what} within ${((Date.now() - since) / 1_000).toFixed(0)} s, ${acknowledged()} decisions acknowledged by now`,
      );
    },
    1_800_000,
  );

  test('every history replays in this version, whichever version began it', async () => {
    over.abort();
    await administrators;
    await cancelDrain({ client: cluster.admin, path: { id: drain } });
    const histories = workflows
      .list({ query: "WorkflowType IN ('nodeLifecycle', 'drainSet')" })
      .intoHistories({ concurrency: 4 });
    const wrong: unknown[] = [];
    let replayed = 0;
    const workflowBundle = { codePath: join(today, 'workflow-bundle.js') };
    for await (const { workflowId, runId, error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
      replayed += 1;
      if (error) wrong.push([workflowId, runId, error.message]);
    }
    said(`${replayed} histories were replayed`);
    expect(wrong).toEqual([]);
    expect(replayed).toBeGreaterThan(SIMULATED * 3);
  }, 900_000);

  test('no acknowledged decision is lost, and no node that beat is called lost', async () => {
    const broken = await new Promises(cluster, ledger, simulator ? [simulator] : [], Date.now()).broken();
    said(
      JSON.stringify({
        acknowledged: acknowledged(),
        refused: ledger.of('refused').length,
        ambiguous: ledger.of('ambiguous').length,
        answers: Object.fromEntries(ledger.answers),
        ofAgents: simulator?.status?.answers,
      }),
    );
    expect(broken).toEqual({});
  }, 900_000);
});
