import { findBinary } from '../../../embedded/find-binary.js';
import type { Home } from '../../../embedded/home.js';
import { program } from '../../../embedded/installation.js';
import { LocalAgent } from '../../../embedded/local-agent.js';
import { MONGOD } from '../../../embedded/mongod-binary.js';
import { becomePrimary, mongodArguments } from '../../../embedded/run-mongod.js';
import { knowsNamespace, temporalServer } from '../../../embedded/run-temporal.js';
import { TEMPORAL } from '../../../embedded/temporal-binary.js';
import { HEARTBEAT_INTERVAL_MS, LOOPBACK, type ClusterPorts } from './cluster-configuration.js';
import { Victim } from './victim.js';
import { throughWays, type Ways } from './ways.js';

const STOP_WITHIN_MS = 15_000;

/** The servers and the control plane of a cluster, not started yet. */
export async function clusterProcesses(
  home: Home,
  ports: ClusterPorts,
  ways: Ways | undefined,
  env: Record<string, string>,
): Promise<Record<'mongod' | 'temporal' | 'worker' | 'api', Victim>> {
  const [mongodBinary, temporalBinary] = [await findBinary(MONGOD), await findBinary(TEMPORAL)];
  const stopWithinMs = STOP_WITHIN_MS;
  const ours = (name: 'api' | 'worker', main: string, isUp: () => Promise<boolean>) =>
    new Victim(
      home,
      () => ({
        name,
        command: process.execPath,
        args: [program(main), '--config', home.configFile, ...(ways ? throughWays(name, ways) : [])],
        env: { ...process.env, ...env },
        stopWithinMs,
      }),
      isUp,
    );
  const mongodArgs = mongodArguments(home, ports.mongod);
  const temporal = temporalServer(home, temporalBinary, { grpc: ports.temporal, webUI: ports.webUI }, 'default');
  return {
    mongod: new Victim(
      home,
      () => ({ name: 'mongod', command: mongodBinary, args: mongodArgs, stopWithinMs }),
      () => becomePrimary(`${LOOPBACK}:${ports.mongod}`),
    ),
    temporal: new Victim(
      home,
      () => temporal,
      () => knowsNamespace(`http://${LOOPBACK}:${ports.webUI}`, 'default'),
    ),
    worker: ours('worker', 'src/worker.main.js', () => Promise.resolve(true)),
    api: ours('api', 'src/api.main.js', async () => (await fetch(`http://${LOOPBACK}:${ports.api}/livez`)).ok),
  };
}

/** The agent of a node, which joins unless it has joined before. */
export function agentProcess(
  home: Home,
  name: string,
  {
    front,
    joinToken,
    labels,
    env,
  }: { front: string; joinToken: string; labels: Record<string, string>; env: Record<string, string> },
): Victim {
  const agent = new LocalAgent(home, name);
  return new Victim(
    home,
    async () => {
      await agent.configure(
        JSON.stringify({ Compute: { Heartbeat: { Interval: `${HEARTBEAT_INTERVAL_MS}ms` }, Labels: labels } }),
        front,
      );
      const token = (await agent.hasJoined()) ? undefined : joinToken;
      return {
        name: `agent-${name}`,
        command: process.execPath,
        args: [program('agent/main.js'), '--config', agent.configFile],
        env: { ...agent.environment(token), ...env },
        stopWithinMs: STOP_WITHIN_MS,
      };
    },
    () => Promise.resolve(true),
  );
}
