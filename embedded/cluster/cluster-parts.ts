import { appendFile, chmod, copyFile, mkdir, rm } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { STOP_WITHIN_MS } from '../../contract/process/stop-in-time.js';
import type { Home } from '../home.js';
import { INSTALLATION } from '../installation.js';
import type { ProcessSpec } from '../managed-process.js';
import { runCommand } from '../run-command.js';
import { shellWord } from '../shell-word.js';
import { StartupError } from '../startup-error.js';
import type { ClusterPrograms } from './cluster-programs.js';
import type { Compose, Service } from './compose.js';
import { Container } from './container.js';
import type { Network } from './network.js';

const SCRIPT_WITHIN_MS = 180_000;
/** Rollcall's processes, and Temporal, stop within this time, in milliseconds. */
const KILL_AFTER_MS = STOP_WITHIN_MS + 2_000;
export const MEMBERS = ['mongodb-1', 'mongodb-2', 'mongodb-3'];

/** The parts of the cluster, as in docker-compose.yml. */
export class ClusterParts {
  constructor(
    private readonly home: Home,
    private readonly network: Network,
    private readonly compose: Compose,
    private readonly programs: ClusterPrograms,
    private readonly signal: AbortSignal,
  ) {}

  container(name: string): Container {
    const service = (this.compose.services.get(name) ??
      this.compose.services.get(name.replace(/-\d+$/, ''))) as Service;
    return new Container(this.home, this.network, this.compose, name, service);
  }

  /** Runs docker/make-secrets.sh for these addresses. */
  async makeSecrets(): Promise<void> {
    await this.script('sh', 'make-secrets.sh', { PROXY_NAMES: `IP:${this.network.address('proxy')}` });
    const keyfile = join(this.home.state, 'keyfile');
    await rm(keyfile, { force: true });
    await copyFile(join(this.home.secrets, 'mongodb-keyfile'), keyfile);
    // mongod refuses a file that others can read.
    await chmod(keyfile, 0o400);
  }

  async mongod(name: string): Promise<ProcessSpec> {
    const data = join(this.home.mongo, name);
    await mkdir(data, { recursive: true, mode: 0o700 });
    const { command, environment } = this.container(name);
    const args = command
      .slice(1)
      .map((arg) => (arg === '--bind_ip_all' ? `--bind_ip=${this.network.address(name)}` : arg));
    const own = [`--dbpath=${data}`, '--nounixsocket'];
    return {
      name,
      command: this.programs.mongod,
      args: [...args, ...own],
      env: environment,
      stopWithinMs: KILL_AFTER_MS,
    };
  }

  temporal(): ProcessSpec {
    const { name, command, environment } = this.container('temporal');
    // The command of the image's entrypoint if the environment has an address to listen at.
    const start = `${shellWord(this.programs.temporalServer)} start`;
    const args = command.slice(1).map((word) => word.replace('/etc/temporal/entrypoint.sh', start));
    return { name, command: 'sh', args, cwd: this.home.temporal, env: environment, stopWithinMs: KILL_AFTER_MS };
  }

  /** An api or a worker. */
  ours(name: string, configFile: string | undefined): ProcessSpec {
    const { command, environment } = this.container(name);
    // It would link to a Web UI that does not run here.
    delete environment['ORCHESTRATOR__TEMPORAL__WEBUI'];
    const args = [
      join(INSTALLATION, command[1] as string),
      ...(configFile === undefined ? [] : ['--config', configFile]),
    ];
    return { name, command: process.execPath, args, env: environment, stopWithinMs: KILL_AFTER_MS };
  }

  proxy(): ProcessSpec {
    const { name, command, environment } = this.container('proxy');
    return { name, command: this.programs.haproxy, args: command.slice(1), env: environment, stopWithinMs: 2_000 };
  }

  /**
   * Runs a script of docker/ to its end, as its service would. Its output is in a log of that name.
   * @throws StartupError with its last lines of output
   */
  async script(interpreter: 'sh' | 'mongosh', file: string, more: Record<string, string> = {}): Promise<void> {
    const path = join(INSTALLATION, 'docker', file);
    const [first = ''] = MEMBERS.map((name) => this.network.at(name));
    const args =
      interpreter === 'sh' ? [path] : ['--quiet', `mongodb://${first}/?directConnection=true`, '--file', path];
    const env = {
      ...process.env,
      PATH: this.programs.scriptsPath,
      SECRETS: this.home.secrets,
      MEMBERS: MEMBERS.map((name) => this.network.at(name)).join(','),
      SQL_HOST: this.network.address('postgres'),
      TEMPORAL_ADDRESS: this.network.at('temporal'),
      ...more,
    };
    const { stdout, stderr } = await runCommand(interpreter, args, {
      env,
      timeoutMs: SCRIPT_WITHIN_MS,
      signal: this.signal,
    }).catch((error: Error) => {
      throw new StartupError(`docker/${file} failed: ${error.message}.`);
    });
    await appendFile(this.home.logOf(parse(file).name), stdout + stderr, { mode: 0o600 });
  }
}
