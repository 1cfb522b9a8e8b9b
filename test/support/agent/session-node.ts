import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Commands, SessionsReport } from '../../../client/index.js';
import { eventually } from '../eventually.js';
import { temporaryFolder } from '../temporary-folder.js';
import { AgentProcess } from './agent-process.js';
import type { Reply, ScriptedOrchestrator } from './scripted-orchestrator.js';

const MIB = 1_024 ** 2;

type Order = Commands['open'][number];
type Ended = SessionsReport['ended'][number];

/** A command as the api gives it. */
export function order(id: string, sql: string, resources: Partial<Order['resources']> = {}): Order {
  return {
    id,
    principal: 'ada',
    sql,
    resources: { cpu: 0.25, memory: 128 * MIB, disk: 64 * MIB, gpu: 0, ...resources },
  };
}

/** A node whose agent is a process, with a test as its orchestrator, which gives commands and reads reports. */
export class SessionNode {
  /** The answer to requests for commands; repeated until it is changed. */
  commands: Partial<Commands> = {};
  agent: AgentProcess | undefined;
  private readonly agents: AgentProcess[] = [];

  private constructor(
    readonly orchestrator: ScriptedOrchestrator,
    readonly folder: string,
  ) {
    this.answer(() => undefined);
  }

  /** Replaces answers of the orchestrator; the others are a real one's, with heartbeats five times a second, and the commands. */
  answer(script: (path: string) => Reply | undefined): void {
    this.orchestrator.answer(({ path }) => {
      const scripted = script(path);
      if (scripted) return scripted;
      if (path === '/v1/agent/heartbeat')
        return { body: { approval: 'APPROVED', availability: 'ACTIVE', nextHeartbeatMs: 200, commands: false } };
      if (path !== '/v1/agent/commands' || Object.keys(this.commands).length === 0) return undefined;
      return { body: { open: [], terminate: [], report: false, ...this.commands } };
    });
    this.orchestrator.answerHeld();
  }

  static async start(orchestrator: ScriptedOrchestrator, settings: Record<string, string> = {}): Promise<SessionNode> {
    const node = new SessionNode(orchestrator, await temporaryFolder());
    await node.startAgent(settings);
    return node;
  }

  get stateDir(): string {
    return join(this.folder, 'state');
  }

  async startAgent(settings: Record<string, string> = {}): Promise<void> {
    await mkdir(this.stateDir, { recursive: true });
    const config = join(this.folder, 'config.yaml');
    await writeFile(
      config,
      `Compute:\n  Name: node-1\n  Orchestrators: ['${this.orchestrator.url}']\n  StateDir: ${this.stateDir}\n  Auth: {Token: rcj_secret}\n`,
    );
    const reports = this.reports.length;
    this.agent = new AgentProcess([
      '--config',
      config,
      ...Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]),
    ]);
    this.agents.push(this.agent);
    await eventually(() => {
      if (this.reports.length === reports) throw new Error(`the agent has not reported yet: ${this.agent?.stderr}`);
    });
  }

  get pid(): number {
    return this.agent?.child.pid ?? 0;
  }

  get reports(): SessionsReport[] {
    return this.orchestrator.to('sessions').map(({ body }) => body as SessionsReport);
  }

  /** Gives the agent commands, now and at each request. */
  tell(commands: Partial<Commands>): void {
    this.commands = commands;
    this.orchestrator.answerHeld();
  }

  live(id: string): SessionsReport['live'][number] | undefined {
    return this.reports.at(-1)?.live.find((session) => session.id === id);
  }

  /** Resolves with the session's outcome, once that was reported. */
  async ended(id: string): Promise<Ended> {
    return eventually(() => {
      const found = this.reports.flatMap(({ ended }) => ended).find((session) => session.id === id);
      if (!found) throw new Error(`the end of ${id} was not reported: ${this.agent?.stderr}`);
      return found;
    });
  }

  async end(): Promise<void> {
    for (const agent of this.agents) {
      agent.child.kill('SIGKILL');
      await agent.exited;
    }
  }
}
