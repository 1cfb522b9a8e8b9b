import { Agent, type AgentParts } from '../../../agent/agent.js';
import { HttpControlPlane } from '../../../agent/control-plane/http-control-plane.js';
import { FileIdentityStore } from '../../../agent/membership/identity-store.js';
import { Orchestrators } from '../../../agent/control-plane/orchestrators.js';
import { machineReaders } from '../../../agent/resources/machine-readers.js';
import { MachineResources } from '../../../agent/resources/machine-resources.js';
import { INFO } from '../api/agent-under-test.js';
import { eventually } from '../eventually.js';
import { LogRecorder } from './log-recorder.js';
import { hurriedClock } from './test-clock.js';

export interface AgentOptions {
  orchestrators: string[];
  stateDir: string;
  token?: string;
  name?: string;
  /** Replaces parts of the agent. */
  parts?: (parts: AgentParts) => Partial<AgentParts>;
}

/** An agent in this process, with real parts except for its clock, in which a minute passes in four seconds. */
export class RunningAgent {
  readonly log = new LogRecorder();
  readonly ended: Promise<unknown>;
  private readonly controller = new AbortController();

  constructor({ orchestrators, stateDir, token, name = 'node-1', parts }: AgentOptions) {
    const clock = hurriedClock(15);
    const given: AgentParts = {
      settings: {
        name,
        labels: {},
        token,
        heartbeatIntervalMs: 15_000,
        infoIntervalMs: 60_000,
        checks: [],
        rotateKeyAfterMs: 0,
        drainOnShutdownMs: 0,
      },
      plane: new HttpControlPlane(new Orchestrators(orchestrators, clock, this.log), clock, 'rollcall-agent/test'),
      store: new FileIdentityStore(stateDir),
      resources: new MachineResources(stateDir, machineReaders(), { gpus: [], connections: 0 }),
      info: { collect: async () => INFO },
      clock,
      random: Math.random,
      log: this.log,
    };
    const agent = new Agent({ ...given, ...parts?.(given) });
    // The error that ended it; undefined if it was asked to stop.
    this.ended = agent.run(this.controller.signal).catch((error: unknown) => error);
  }

  async logged(what: string | RegExp): Promise<void> {
    await eventually(() => {
      if (!(typeof what === 'string' ? this.log.text.includes(what) : what.test(this.log.text)))
        throw new Error(`not logged: ${what}; but:\n${this.log.text}`);
    });
  }

  async stop(): Promise<void> {
    this.controller.abort('SIGTERM');
    const error = await this.ended;
    if (error !== undefined) throw error;
  }
}
