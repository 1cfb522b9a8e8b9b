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
/** Those that run as processes, by the beginning of their names: the others do something once, or are left out. */
const RUN = /^(mongodb-\d|postgres|temporal|api-\d|worker|proxy)$/;
const FIRST_FREE = 11;
const TRIES = 20;

/** Each process of the cluster has an address of its own, as if it were a machine, and the usual port at it. */
export class Network {
  private constructor(
    /** The first three numbers of every address. */
    readonly prefix: string,
    private readonly addresses: ReadonlyMap<string, string>,
  ) {}

  /**
   * The network of an earlier start, since the replica set and the certificate name its addresses; the first time one that is free.
   * @throws StartupError where another program listens there, or where this system has one loopback address only
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
    // Its address is in docker-compose.yml.
    addresses.set('proxy', `${prefix}.2`);
    for (const name of names) if (!addresses.has(name)) addresses.set(name, `${prefix}.${FIRST_FREE + addresses.size}`);
    return new Network(prefix, addresses);
  }

  /** Names of processes that belong to a service: `worker-1` and `worker-2` to `worker`. */
  of(service: string): string[] {
    return [...this.addresses.keys()].filter((name) => name === service || name.replace(/-\d+$/, '') === service);
  }

  /** @throws Error where no process has the name */
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
