import { setTimeout as delay } from 'node:timers/promises';
import type { ApiAccess, NodeStatus } from './api-access.js';
import type { Home } from './home.js';
import { program } from './installation.js';
import { LocalAgent } from './local-agent.js';
import { explainExit, ManagedProcess } from './managed-process.js';
import { shellWord } from './shell-word.js';

const STOP_WITHIN_MS = 8_000;
const SETTLE_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 200;

export interface AgentsOptions {
  count: number;
  /** Text of the cluster's config.yaml. */
  clusterConfig: string | undefined;
  /** Token from the configuration for agents that have not joined; if absent, the api makes one. */
  joinToken: string | undefined;
  say(line: string): void;
}

/**
 * The agents of this machine. An agent that dies is not restarted, so that its node can be watched becoming UNHEALTHY; a person or the next
 * `npm start` starts it again.
 */
export class Agents {
  readonly #startedAt = Date.now();
  readonly #running: { agent: LocalAgent; process: ManagedProcess }[] = [];
  #stopping = false;

  private constructor(
    private readonly home: Home,
    private readonly api: ApiAccess,
    private readonly options: AgentsOptions,
  ) {}

  static async start(home: Home, api: ApiAccess, options: AgentsOptions): Promise<Agents> {
    const agents = new Agents(home, api, options);
    await agents.#start();
    return agents;
  }

  async #start(): Promise<void> {
    const { count, clusterConfig } = this.options;
    const agents = Array.from({ length: count }, (_, index) => new LocalAgent(this.home, `node-${index + 1}`));
    await Promise.all(agents.map((agent) => agent.configure(clusterConfig, this.api.url)));
    const joined = await Promise.all(agents.map((agent) => agent.hasJoined()));
    const newcomers = joined.filter((has) => !has).length;
    const token = newcomers === 0 ? undefined : (this.options.joinToken ?? (await this.api.joinToken(newcomers)));
    for (const [index, agent] of agents.entries()) this.#run(agent, joined[index] ? undefined : token);
  }

  #run(agent: LocalAgent, token: string | undefined): void {
    const process = new ManagedProcess(this.home, {
      name: `agent-${agent.name}`,
      command: globalThis.process.execPath,
      args: [program('agent/main.js'), '--config', agent.configFile],
      env: agent.environment(token),
      stopWithinMs: STOP_WITHIN_MS,
    });
    this.#running.push({ agent, process });
    void process.exited.then((exit) => {
      if (this.#stopping) return;
      this.options.say(
        `The agent of ${agent.name} ${explainExit(exit)}\n  To start it again: ./rollcall-agent --config ${shellWord(agent.configFile)}`,
      );
    });
  }

  /** Waits until the agents have got as far as they can without a person, and reports it. */
  async settle(signal: AbortSignal): Promise<void> {
    const deadline = Date.now() + SETTLE_WITHIN_MS;
    let states: string[];
    do {
      await delay(LOOK_EVERY_MS, undefined, { signal });
      states = await Promise.all(this.#running.map(({ agent, process }) => this.#state(agent, process)));
    } while (states.includes('starting') && Date.now() < deadline);
    this.options.say(this.#summary(states));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#running.map(({ process }) => process.stop()));
  }

  kill(): void {
    this.#stopping = true;
    for (const { process } of this.#running) process.kill();
  }

  async #state(agent: LocalAgent, process: ManagedProcess): Promise<string> {
    const node = await this.api.node(agent.name).catch(() => undefined);
    if (!node) return process.gone ? 'gone' : 'starting';
    if (node.approval.value !== 'APPROVED') return node.approval.value;
    if (this.#heardAnew(node) && node.status === 'HEALTHY') return 'HEALTHY';
    return process.gone ? 'gone' : 'starting';
  }

  /** Statuses from before the last stop are out of date. */
  #heardAnew(node: NodeStatus): boolean {
    return node.lastHeartbeat !== null && Date.parse(node.lastHeartbeat) >= this.#startedAt;
  }

  #summary(states: string[]): string {
    const named = (state: string) =>
      this.#running.filter((_, index) => states[index] === state).map(({ agent }) => agent.name);
    const parts = [
      ...(named('HEALTHY').length > 0 ? [`${named('HEALTHY').join(', ')}: HEALTHY`] : []),
      ...named('PENDING').map((name) => `${name}: awaits approval (./rollcall node approve ${name})`),
      ...named('REJECTED').map((name) => `${name}: was rejected (./rollcall node approve ${name} brings it back)`),
      ...named('gone').map((name) => `${name}: its agent ended, see ${this.home.logOf(`agent-${name}`)}`),
      ...named('starting').map((name) => `${name}: not HEALTHY yet, see ${this.home.logOf(`agent-${name}`)}`),
    ];
    return states.length === 0 ? 'No agents run on this machine.' : parts.join('\n');
  }
}
