import { randomInt } from 'node:crypto';
import { portTrouble } from '../free-port.js';
import type { Home } from '../home.js';
import { StartupError } from '../startup-error.js';
import type { Compose } from './compose.js';

const PORTS: Record<string, number> = {
  mongodb: 27017,
  postgres: 5432,
  temporal: 7233,
  api: 8480,
  worker: 9464,
  proxy: 8443,
};
/** Prefixes of services that run as processes; the others run once, or are left out. */
const RUN = /^(mongodb-\d|postgres|temporal|api-\d|worker|proxy)$/;
const FIRST_FREE = 11;
const TRIES = 20;

/** Addresses of the cluster's processes: each has its own, as if it were a machine, and the usual port there. */
export class Network {
  private constructor(
    /** The first three numbers of every address. */
    readonly prefix: string,
    private readonly addresses: ReadonlyMap<string, string>,
  ) {}

  /**
   * The network of an earlier start, since replica set and certificate contain its addresses; at the first start a free one.
   * @throws StartupError if another program listens there, or this system has only one loopback address
   */
  static async of(home: Home, compose: Compose): Promise<Network> {
    if (process.platform !== 'linux')
      throw new StartupError(
        'npm run cluster needs the many loopback addresses that only Linux has; npm start runs everywhere.',
      );
    const kept = (await home.remembered('network')) as
      | { prefix: string; addresses: Record<string, string> }
      | undefined;
    let trouble: string | undefined;
    for (let tries = 0; tries < (kept ? 1 : TRIES); tries += 1) {
      const network = Network.#assign(
        kept?.prefix ?? `127.${randomInt(20, 250)}.${randomInt(0, 256)}`,
        compose,
        kept?.addresses,
      );
      trouble = await network.#trouble();
      if (trouble !== undefined) continue;
      await home.remember('network', { prefix: network.prefix, addresses: Object.fromEntries(network.addresses) });
      return network;
    }
    throw new StartupError(
      `${trouble} is in use by another program: end that one, or take another home with --home DIR.`,
    );
  }

  static #assign(prefix: string, { services }: Compose, kept: Record<string, string> = {}): Network {
    const names = [...services.values()]
      .filter(({ name }) => RUN.test(name))
      .flatMap(({ name, replicas }) =>
        replicas === 1 ? [name] : Array.from({ length: replicas }, (_, index) => `${name}-${index + 1}`),
      );
    const addresses = new Map(Object.entries(kept));
    // docker-compose.yml contains its address.
    addresses.set('proxy', `${prefix}.2`);
    for (const name of names) if (!addresses.has(name)) addresses.set(name, `${prefix}.${FIRST_FREE + addresses.size}`);
    return new Network(prefix, addresses);
  }

  /** Names of the processes of a service: `worker-1` and `worker-2` of `worker`. */
  of(service: string): string[] {
    return [...this.addresses.keys()].filter((name) => name === service || name.replace(/-\d+$/, '') === service);
  }

  /** @throws Error if no process has the name */
  address(name: string): string {
    const address = this.addresses.get(name);
    if (address === undefined) throw new Error(`no process of the cluster is named ${name}`);
    return address;
  }

  /** Address and port. */
  at(name: string): string {
    return `${this.address(name)}:${portOf(name)}`;
  }

  async #trouble(): Promise<string | undefined> {
    for (const [name, address] of this.addresses)
      if ((await portTrouble(portOf(name), address)) !== undefined) return this.at(name);
    return undefined;
  }
}

function portOf(name: string): number {
  return PORTS[name.replace(/-\d+$/, '')] ?? 0;
}
