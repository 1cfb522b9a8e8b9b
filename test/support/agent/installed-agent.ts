import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UpdateFolder, type LastUpdate } from '../../../agent/updates/update-folder.js';
import { laySlimAgent } from '../slim-package.js';
import { AgentProcess } from './agent-process.js';

export interface InstalledOptions {
  name: string;
  url: string;
  token: string;
  labels: Record<string, string>;
  version?: string;
  /** PEM of the keys whose packages it accepts. */
  keys: string;
  /** Whether its configuration lets the api decide which version runs. */
  managed?: boolean;
  /** Timeout of a trial, in milliseconds. */
  trialTimeout?: string;
}

/** An agent as installed on a machine, in a folder of its own; its process can be ended and started again. */
export class InstalledAgent {
  running: AgentProcess | undefined;

  private constructor(
    private readonly root: string,
    private readonly command: string,
    private readonly token: string,
  ) {}

  static async install(root: string, options: InstalledOptions): Promise<InstalledAgent> {
    const { name, url, token, labels, version = '1.0.0', keys, managed = true, trialTimeout = '2m' } = options;
    const command = await laySlimAgent(root, { version, keys });
    const Compute = {
      Name: name,
      Orchestrators: [url],
      StateDir: join(root, 'state'),
      Labels: labels,
      Heartbeat: { Interval: '1s' },
      Sessions: { Engine: 'none' },
      Updates: { Managed: managed, TrialTimeout: trialTimeout },
    };
    await writeFile(join(root, 'agent.yaml'), JSON.stringify({ Compute }));
    return new InstalledAgent(root, command, token);
  }

  start(): AgentProcess {
    this.running = new AgentProcess(
      ['--config', join(this.root, 'agent.yaml')],
      { COMPUTE__AUTH__TOKEN: this.token },
      this.command,
    );
    return this.running;
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null | undefined> {
    this.running?.child.kill(signal);
    return this.running?.exited;
  }

  /** Breaks a version that was installed by an update: lines of sh run instead of its agent. */
  async breakVersion(version: string, instead: string): Promise<void> {
    const launcher = new UpdateFolder(join(this.root, 'state')).launcher(version);
    await writeFile(launcher, `#!/bin/sh\n${instead}\n`);
  }

  /** The agent's notes on its updates. */
  last(): Promise<LastUpdate | undefined> {
    return readFile(join(this.root, 'state', 'updates', 'last.json'), 'utf8').then(
      (text) => JSON.parse(text) as LastUpdate,
      () => undefined,
    );
  }
}
