import { Agent, type AgentParts } from '../agent.js';
import type { AgentClock } from '../process/agent-clock.js';
import { type ControlPlane, Unavailable } from '../control-plane/control-plane.js';
import { FatalError } from '../process/exit-codes.js';
import type { Log } from '../process/log.js';
import { seededRandom } from './seeded-random.js';
import type { MemoryIdentityStore } from './memory-identity-store.js';
import type { SimulatedHardware } from './simulated-hardware.js';
import { aroundCalls } from './around-calls.js';

/** A node's connection to the control plane, which a fault may cut. */
class NodeUplink {
  isCut = false;

  /** The plane over this connection: while it is cut every call fails as if there were no answer. */
  over(plane: ControlPlane): ControlPlane {
    return aroundCalls(plane, (call) =>
      this.isCut ? Promise.reject(new Unavailable('the simulation has cut this node off')) : call(),
    );
  }
}

/** What the nodes of a simulation share. */
export interface Surroundings {
  plane: ControlPlane;
  clock: AgentClock;
  log: Log;
  /** An agent started or ended; `failure` is the error that ended it, if it was not asked to stop. */
  began: () => void;
  ended: (failure: FatalError | undefined) => void;
}

/** A running agent. */
interface Life {
  stop: AbortController;
  uplink: NodeUplink;
  ended: Promise<void>;
}

/** A simulated machine: one real agent at a time runs on it, with an identity that outlives the agent. */
export class SimulatedNode {
  private life: Life | undefined;
  /** Offset of its clock, in milliseconds. */
  private skewMs = 0;

  constructor(
    private readonly settings: AgentParts['settings'],
    private readonly hardware: SimulatedHardware,
    private readonly store: MemoryIdentityStore,
    private readonly surroundings: Surroundings,
    private readonly seed: number,
  ) {}

  get name(): string {
    return this.settings.name;
  }

  /** Starts its agent; does nothing if one runs. */
  start(): void {
    if (this.life) return;
    const stop = new AbortController();
    const uplink = new NodeUplink();
    const life = { stop, uplink, ended: this.live(stop.signal, uplink) };
    this.life = life;
    void life.ended.then(() => {
      if (this.life === life) this.life = undefined;
    });
  }

  /** Like kill -9 or a power failure: no goodbye. */
  async die(): Promise<void> {
    const { life } = this;
    if (!life) return;
    life.uplink.isCut = true;
    await this.end('died');
  }

  /** Like SIGTERM: the agent says goodbye. */
  async end(reason: string): Promise<void> {
    const { life } = this;
    if (!life) return;
    life.stop.abort(reason);
    await life.ended;
  }

  /** Cuts or restores its connection to the control plane. */
  cutOff(isCut: boolean): void {
    if (this.life) this.life.uplink.isCut = isCut;
  }

  setClock(aheadMs: number): void {
    this.skewMs = aheadMs;
  }

  /** A second machine with a copy of this one's disk; undefined if there is nothing to copy yet. */
  clone(): SimulatedNode | undefined {
    if (!this.store.hasJoined) return undefined;
    return new SimulatedNode(
      this.settings,
      this.hardware,
      this.store.copy(),
      this.surroundings,
      this.seed ^ 0x5f5f5f5f,
    );
  }

  private async live(stop: AbortSignal, uplink: NodeUplink): Promise<void> {
    const { plane, clock, log, began, ended } = this.surroundings;
    const ownClock: AgentClock = {
      now: () => clock.now() + this.skewMs,
      elapsed: () => clock.elapsed(),
      sleep: (ms, until) => clock.sleep(ms, until),
    };
    const agent = new Agent({
      settings: this.settings,
      plane: uplink.over(plane),
      store: this.store,
      resources: this.hardware,
      info: this.hardware,
      clock: ownClock,
      random: seededRandom(this.seed),
      log,
    });
    began();
    let failure: FatalError | undefined;
    try {
      await agent.run(stop);
    } catch (error) {
      failure = error instanceof FatalError ? error : new FatalError(`bug: ${String(error)}`, 1);
    } finally {
      ended(failure);
    }
  }
}
