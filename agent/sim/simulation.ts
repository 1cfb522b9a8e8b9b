import { once } from 'node:events';
import type { FaultKind, SimulationPlan, SimulationStatus, SimulationSummary } from '../../contract/simulation.js';
import type { AgentClock } from '../process/agent-clock.js';
import type { ControlPlane } from '../control-plane/control-plane.js';
import { HttpControlPlane } from '../control-plane/http-control-plane.js';
import type { Log } from '../process/log.js';
import { Orchestrators } from '../control-plane/orchestrators.js';
import { aroundCalls } from './around-calls.js';
import { planFaults } from './fault-plan.js';
import { MemoryIdentityStore } from './memory-identity-store.js';
import { RefusalCounter } from './refusal-counter.js';
import type { RequestMeter } from './request-meter.js';
import { seededRandom, seedOf } from './seeded-random.js';
import { SimulatedHardware } from './simulated-hardware.js';
import { SimulatedNode, type Surroundings } from './simulated-node.js';
import { Turnstile } from './turnstile.js';

/** Interval of the batches in which agents are started, if the plan paces that, in milliseconds. */
const START_EVERY_MS = 50;
/** One line reports what thousands did: their own logs would drown each other. */
const SILENT: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Many nodes in one process, each with the real agent: its client code, keys and schedule. Their hardware is simulated. */
export class Simulation {
  private readonly nodes: SimulatedNode[];
  private readonly clones: SimulatedNode[] = [];
  private readonly planned: ReturnType<typeof planFaults>;
  private readonly refusals = new RefusalCounter();
  private readonly fatal: Record<string, number> = {};
  private readonly faults: Partial<Record<FaultKind, number>> = {};
  /** Aborted when the simulation ends. */
  private readonly over = new AbortController();
  private readonly recoveries: Promise<void>[] = [];
  private begunAt = 0;
  private started = 0;
  private joined = 0;
  private running = 0;
  private allJoinedMs: number | null = null;
  private told = { at: 0, beats: 0 };

  /** @param meter wraps fetch in this process */
  constructor(
    private readonly plan: SimulationPlan,
    agentVersion: string,
    private readonly meter: RequestMeter,
    private readonly clock: AgentClock,
  ) {
    const http = new HttpControlPlane(
      new Orchestrators(plan.servers, clock, SILENT),
      clock,
      `rollcall-agent/${agentVersion} (simulated)`,
      plan.heartbeatIntervalMs,
    );
    const plane = throughTurnstiles(this.refusals.over(http), plan.connections);
    const surroundings: Surroundings = {
      plane,
      clock,
      log: SILENT,
      began: () => (this.running += 1),
      ended: (failure) => {
        this.running -= 1;
        if (failure) this.note(failure.message);
      },
    };
    const store = () => new MemoryIdentityStore(() => this.noteJoined());
    this.nodes = Array.from({ length: plan.nodes }, (_, index) => {
      const name = `${plan.namePrefix}${index + 1}`;
      const { labels, joinToken: token, heartbeatIntervalMs, infoIntervalMs } = plan;
      const hardware = new SimulatedHardware(name, agentVersion, seededRandom(seedOf(plan.seed, 2 * index)));
      return new SimulatedNode(
        {
          name,
          labels,
          token,
          rotateKeyAfterMs: 0,
          heartbeatIntervalMs,
          infoIntervalMs,
          checks: [],
          drainOnShutdownMs: 0,
        },
        hardware,
        store(),
        surroundings,
        seedOf(plan.seed, 2 * index + 1),
      );
    });
    this.planned = planFaults(plan.faults, plan.nodes, seededRandom(plan.seed));
  }

  /** Runs until `stop`, or the plan's end. */
  async run(stop: AbortSignal): Promise<SimulationSummary> {
    this.begunAt = this.clock.elapsed();
    const end = () => this.over.abort();
    stop.addEventListener('abort', end, { once: true });
    if (stop.aborted) end();
    const until = this.over.signal;
    const faults = this.planned.planned.map((fault) => this.inflictLater(fault));
    await this.startAll(until);
    if (this.plan.durationMs !== undefined)
      await this.clock.sleep(Math.max(0, this.plan.durationMs - this.elapsed()), until);
    else if (!until.aborted) await once(until, 'abort');
    end();
    await Promise.all(faults);
    await Promise.all(this.recoveries);
    // The report is taken before the end, which stops all agents.
    const status = this.status();
    const all = [...this.nodes, ...this.clones];
    await Promise.all(all.map((node) => (this.plan.goodbye ? node.end('the simulation ends') : node.die())));
    return { ...status, seed: this.plan.seed, allJoinedMs: this.allJoinedMs, latency: this.meter.latency() };
  }

  status(): SimulationStatus {
    const elapsedMs = this.elapsed();
    const { beats, answers } = this.meter;
    const beatsPerSecond = ((beats - this.told.beats) * 1_000) / Math.max(1, elapsedMs - this.told.at);
    this.told = { at: elapsedMs, beats };
    const { user, system } = process.cpuUsage();
    return {
      elapsedMs: Math.round(elapsedMs),
      nodes: this.nodes.length,
      started: this.started,
      joined: this.joined,
      running: this.running,
      beats,
      beatsPerSecond: Math.round(beatsPerSecond * 10) / 10,
      answers: structuredClone(answers),
      refusals: { ...this.refusals.byCode },
      fatal: { ...this.fatal },
      faults: { ...this.faults },
      rssBytes: process.memoryUsage.rss(),
      cpuSeconds: (user + system) / 1e6,
    };
  }

  /**
   * Applies a fault now to some of the nodes that no fault of the plan is for.
   * @param forMs as in a plan's fault
   * @returns their names
   */
  async strike(kind: FaultKind, count: number, forMs: number): Promise<string[]> {
    const victims = this.planned.spared.splice(0, count).flatMap((index) => this.nodes[index] ?? []);
    await this.inflict(kind, forMs, victims);
    return victims.map(({ name }) => name);
  }

  private elapsed(): number {
    return this.clock.elapsed() - this.begunAt;
  }

  private async startAll(stop: AbortSignal): Promise<void> {
    const { joinsPerSecond } = this.plan;
    while (this.started < this.nodes.length && !stop.aborted) {
      const due =
        joinsPerSecond === null
          ? this.nodes.length
          : Math.min(this.nodes.length, Math.ceil(((this.elapsed() + START_EVERY_MS) * joinsPerSecond) / 1_000));
      while (this.started < due) this.nodes[this.started++]?.start();
      if (this.started < this.nodes.length) await this.clock.sleep(START_EVERY_MS, stop);
    }
  }

  private async inflictLater({
    kind,
    atMs,
    forMs,
    victims,
  }: ReturnType<typeof planFaults>['planned'][number]): Promise<void> {
    await this.clock.sleep(Math.max(0, atMs - this.elapsed()), this.over.signal);
    if (this.over.signal.aborted) return;
    await this.inflict(
      kind,
      forMs,
      victims.flatMap((index) => this.nodes[index] ?? []),
    );
  }

  private async inflict(kind: FaultKind, forMs: number, nodes: readonly SimulatedNode[]): Promise<void> {
    for (const node of nodes) if (kind === 'skew') node.setClock(forMs);
    await Promise.all(nodes.map((node) => this.befall(node, kind)));
    if (kind === 'miss' || kind === 'return') this.recoveries.push(this.recover(nodes, forMs));
  }

  private async recover(nodes: readonly SimulatedNode[], afterMs: number): Promise<void> {
    await this.clock.sleep(afterMs, this.over.signal);
    if (this.over.signal.aborted) return;
    for (const node of nodes) {
      node.cutOff(false);
      node.start();
    }
  }

  private async befall(node: SimulatedNode, kind: FaultKind): Promise<void> {
    const clone = kind === 'clone' ? node.clone() : undefined;
    if (kind === 'clone' && !clone) return;
    this.faults[kind] = (this.faults[kind] ?? 0) + 1;
    if (kind === 'die' || kind === 'return') await node.die();
    if (kind === 'miss') node.cutOff(true);
    if (!clone) return;
    this.clones.push(clone);
    clone.start();
  }

  private noteJoined(): void {
    this.joined += 1;
    if (this.joined === this.nodes.length) this.allJoinedMs = Math.round(this.elapsed());
  }

  /** Errors that differ only in a node's name are counted as one. */
  private note(sentence: string): void {
    const common = sentence.replaceAll(new RegExp(`${this.plan.namePrefix}\\d+`, 'g'), `${this.plan.namePrefix}…`);
    this.fatal[common] = (this.fatal[common] ?? 0) + 1;
  }
}

/** Joins are slow, and may all come at once: heartbeats keep half of the connections to themselves, as each real node has its own. */
function throughTurnstiles(plane: ControlPlane, connections: number): ControlPlane {
  const beats = new Turnstile(Math.ceil(connections / 2));
  const others = connections === 1 ? beats : new Turnstile(Math.floor(connections / 2));
  return aroundCalls(plane, (call, name) => (name === 'heartbeat' ? beats : others).pass(call));
}
