import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Home } from './home.js';
import { writePrivate } from './write-private.js';

/** Settings that differ between agents, which the environment would set for all of them. */
const OWN_SETTINGS = ['COMPUTE__NAME', 'COMPUTE__STATEDIR', 'COMPUTE__ORCHESTRATORS'];
const TOKEN_SETTING = 'COMPUTE__AUTH__TOKEN';

/** An agent on this machine: its folder, and the configuration with which the supervisor, or a person, starts it. */
export class LocalAgent {
  readonly folder: string;
  readonly configFile: string;

  constructor(
    home: Home,
    readonly name: string,
  ) {
    this.folder = home.agent(name);
    this.configFile = join(this.folder, 'config.yaml');
  }

  /** Writes its config.yaml: the cluster's, with this agent's own settings. */
  async configure(clusterConfig: string | undefined, apiUrl: string): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const whole = (parse(clusterConfig ?? '') ?? {}) as { Compute?: Record<string, unknown> | null };
    const own = { ...whole.Compute, Name: this.name, Orchestrators: [apiUrl], StateDir: this.folder };
    const note = '# Written by npm start at every start: change config.yaml in the home instead.\n';
    await writePrivate(this.configFile, note + stringify({ Compute: own }));
  }

  /** Whether it holds a credential, and so needs no token to join. */
  async hasJoined(): Promise<boolean> {
    try {
      const { registration } = JSON.parse(await readFile(join(this.folder, 'identity.json'), 'utf8')) as {
        registration?: unknown;
      };
      return registration !== undefined && registration !== null;
    } catch {
      return false;
    }
  }

  /** @param joinToken for an agent that has not joined; not passed on the command line, where other users could read it */
  environment(joinToken: string | undefined, env = process.env): NodeJS.ProcessEnv {
    const inherited = Object.entries(env).filter(
      ([name]) => ![...OWN_SETTINGS, TOKEN_SETTING].includes(name.toUpperCase()),
    );
    return { ...Object.fromEntries(inherited), ...(joinToken === undefined ? {} : { [TOKEN_SETTING]: joinToken }) };
  }
}
