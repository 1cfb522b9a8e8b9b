import type { Config } from '../contract/config/schema.js';
import { DEFAULT_NAMESPACE } from '../contract/config/temporal-keys.js';
import { findBinary } from './find-binary.js';
import { freePort } from './free-port.js';
import type { Home } from './home.js';
import type { KeeperListener } from './kept-process.js';
import { MONGOD } from './mongod-binary.js';
import type { Progress } from './progress.js';
import { runMongod, type RunningMongod } from './run-mongod.js';
import { runTemporal, type RunningTemporal } from './run-temporal.js';
import { TEMPORAL } from './temporal-binary.js';

const LOOPBACK = '127.0.0.1';
const USUAL_PORTS = { mongod: 27017, temporal: 7233, temporalWebUI: 8233 };

/** The servers that run for this home; absent if the configuration names one that runs elsewhere. */
export interface Servers {
  mongod?: RunningMongod;
  temporal?: RunningTemporal;
}

/**
 * Finds, downloads if necessary, and runs the servers that the configuration does not name. Their ports stay the same from start
 * to start while they are free.
 * @throws ServerNotFound, StartupError
 */
export async function startServers(
  home: Home,
  config: Config,
  progress: Progress,
  listener: KeeperListener,
  signal: AbortSignal,
): Promise<Servers> {
  const { MongoDB, Temporal } = config.Orchestrator;
  // One after the other: two progress displays at once would be unreadable.
  const mongodBinary = MongoDB.URI === undefined ? await findBinary(MONGOD, { progress, signal }) : undefined;
  const temporalIsElsewhere = Temporal.Address !== undefined || Temporal.ProfileFile !== undefined;
  const temporalBinary = temporalIsElsewhere ? undefined : await findBinary(TEMPORAL, { progress, signal });

  const remembered = ((await home.remembered('ports')) ?? {}) as Partial<typeof USUAL_PORTS>;
  const taken = new Set<number>();
  const pick = (name: keyof typeof USUAL_PORTS) => freePort(LOOPBACK, [remembered[name], USUAL_PORTS[name]], taken);
  const ports = {
    mongod: await pick('mongod'),
    temporal: await pick('temporal'),
    temporalWebUI: await pick('temporalWebUI'),
  };
  await home.remember('ports', ports);

  const servers: Servers = {};
  const starting: Promise<void>[] = [];
  if (mongodBinary)
    starting.push(
      runMongod(home, mongodBinary, ports.mongod, listener, signal).then((mongod) => void (servers.mongod = mongod)),
    );
  if (temporalBinary) {
    const { temporal: grpc, temporalWebUI: webUI } = ports;
    starting.push(
      runTemporal(
        home,
        temporalBinary,
        { grpc, webUI },
        Temporal.Namespace ?? DEFAULT_NAMESPACE,
        listener,
        signal,
      ).then((temporal) => void (servers.temporal = temporal)),
    );
  }
  const names = [...(mongodBinary ? ['MongoDB'] : []), ...(temporalBinary ? ['Temporal'] : [])].join(' and ');
  if (names !== '') await progress.during(`starting ${names}`, () => allOrNone(starting, servers));
  return servers;
}

/** If one server fails, the other is stopped too. */
async function allOrNone(starting: Promise<void>[], servers: Servers): Promise<void> {
  const outcomes = await Promise.allSettled(starting);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (!failed) return;
  await Promise.all([servers.mongod?.process.stop(), servers.temporal?.process.stop()]);
  throw failed.reason;
}
