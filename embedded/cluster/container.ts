import { join } from 'node:path';
import type { Home } from '../home.js';
import type { Compose, Service } from './compose.js';
import type { Network } from './network.js';

/** Variables passed on from this process's environment; all others are in docker-compose.yml. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ', 'ROLLCALL_LOG_LEVEL', 'ROLLCALL_TEST_RUN'];
/** PostgreSQL's variables with hosts without a port. */
const HOST_ALONE = /_SEEDS$/;

/** A process of docker-compose.yml translated to this machine: hosts become addresses, and paths those of the home. */
export class Container {
  constructor(
    private readonly home: Home,
    private readonly network: Network,
    private readonly compose: Compose,
    /** `worker-2`. */
    readonly name: string,
    private readonly service: Service,
  ) {}

  get command(): string[] {
    return this.service.command.map((word) => this.#here(word));
  }

  get environment(): NodeJS.ProcessEnv {
    const inherited = INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
    const own = Object.entries(this.service.environment).map(([name, value]) => [
      name,
      HOST_ALONE.test(name) ? this.network.address(value) : this.#here(value),
    ]);
    return Object.fromEntries([...inherited, ...own]) as NodeJS.ProcessEnv;
  }

  #here(text: string): string {
    const mounted = this.service.mounts.get(text);
    if (mounted !== undefined) return mounted;
    return text
      .replaceAll('/run/secrets/', `${this.home.secrets}/`)
      .replaceAll('/tmp/keyfile', join(this.home.state, 'keyfile'))
      .replaceAll(`${this.compose.network}.`, `${this.network.prefix}.`)
      .replaceAll('0.0.0.0', () => this.network.address(this.name))
      .replaceAll(/(?<![\w.-])([a-z][a-z0-9-]*)(?=:\d)/g, (host) =>
        this.compose.services.has(host) ? this.network.address(host) : host,
      );
  }
}
