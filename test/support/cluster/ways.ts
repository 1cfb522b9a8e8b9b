import { mongodUri } from '../../../embedded/run-mongod.js';
import { Relay } from '../relay.js';

const LOOPBACK = '127.0.0.1';

/** The connections between the processes of a cluster, each through a relay that can be broken. */
export interface Ways {
  'front to api': Relay;
  'api to MongoDB': Relay;
  'api to Temporal': Relay;
  'worker to MongoDB': Relay;
  'worker to Temporal': Relay;
}

/** Opens a relay to each of these loopback ports. */
export async function openWays({
  api,
  mongod,
  temporal,
}: Record<'api' | 'mongod' | 'temporal', number>): Promise<Ways> {
  const way = (port: number) => new Relay(`http://${LOOPBACK}:${port}`).start();
  return {
    'front to api': await way(api),
    'api to MongoDB': await way(mongod),
    'api to Temporal': await way(temporal),
    'worker to MongoDB': await way(mongod),
    'worker to Temporal': await way(temporal),
  };
}

/** A replica set reports its members' own addresses: a driver that used them would bypass the relay. */
export function throughWays(name: 'api' | 'worker', ways: Ways): string[] {
  const [mongodb, temporal] = [ways[`${name} to MongoDB`].host, ways[`${name} to Temporal`].host];
  return [
    '--set',
    `Orchestrator.MongoDB.URI=mongodb://${mongodb}${new URL(mongodUri(1)).pathname}?directConnection=true`,
    '--set',
    `Orchestrator.Temporal.Address=${temporal}`,
  ];
}
