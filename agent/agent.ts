import { randomUUID } from 'node:crypto';
import type { AgentClock } from './process/agent-clock.js';
import type { OwnDrain } from './availability/own-drain.js';
import type { ControlPlane } from './control-plane/control-plane.js';
import { HeartbeatLoop } from './heartbeat-loop.js';
import type { FitnessChecks } from './fitness/fitness-checks.js';
import { ToldConditions } from './fitness/told-conditions.js';
import type { IdentityStore } from './membership/identity-store.js';
import { InfoReport } from './info-report.js';
import type { InfoCollector } from './info/inventory.js';
import type { Log } from './process/log.js';
import { KeyRotation } from './membership/key-rotation.js';
import { Membership } from './membership/membership.js';
import type { Random } from './process/backoff.js';
import { Registrar } from './membership/registrar.js';
import type { ResourceReader } from './resources/machine-resources.js';
import type { NoticeWatch } from './cloud-notices/notice-watch.js';
import type { SessionHost } from './sessions/session-host.js';
import { SessionReporting } from './sessions/session-reporting.js';
import type { Settings } from './settings.js';
import type { AgentStatus } from './membership/agent-status.js';
import type { Updater } from './updates/updater.js';
import { StatusLog } from './membership/status-log.js';

/** Maximum wait for the goodbye when the agent stops, in milliseconds. */
const GOODBYE_TIMEOUT_MS = 2_000;

/** The parts of an agent. Modules hold no state, so that a simulator can run thousands of agents in one process. */
export interface AgentParts {
  settings: Settings;
  plane: ControlPlane;
  store: IdentityStore;
  resources: ResourceReader;
  info: InfoCollector;
  /** Absent for an agent without sessions. */
  sessions?: SessionHost;
  /** Absent for a node without checks. */
  fitness?: FitnessChecks;
  /** Absent for a node that decides nothing about itself. */
  ownDrain?: OwnDrain;
  /** Absent without a cloud provider's notices. */
  noticeWatch?: NoticeWatch | undefined;
  /** Absent for an agent that is never updated. */
  updater?: Updater;
  /** Absent for an agent that serves no local requests. */
  agentStatus?: AgentStatus;
  clock: AgentClock;
  random: Random;
  log: Log;
}

/** One node's daemon: joins the cluster, reports, and says goodbye. */
export class Agent {
  /** New at every start, so that the cluster can tell a restart from a late heartbeat. */
  private readonly bootId = randomUUID();

  constructor(private readonly parts: AgentParts) {}

  /**
   * Runs until `stop` is aborted; the abort reason, a string, is sent with the goodbye.
   * @throws FatalError if the node cannot join, was removed, or the state folder fails
   */
  async run(stop: AbortSignal): Promise<void> {
    const { plane, store, clock, random, log } = this.parts;
    const registrar = new Registrar({ ...this.parts, bootId: this.bootId });
    const membership = await unlessStopped(
      Membership.establish({ plane, store, registrar, clock, random, log }, stop),
      stop,
    );
    if (!membership) return;
    await this.report(membership, stop);
    await this.sayGoodbye(membership, String(stop.reason));
  }

  private async report(membership: Membership, stop: AbortSignal): Promise<void> {
    const { updater, fitness, ownDrain, noticeWatch, clock } = this.parts;
    const parts = { ...this.parts, membership, bootId: this.bootId };
    const status = new StatusLog(() => membership.registration.id, parts.clock, parts.log, parts.agentStatus);
    const failed = new AbortController();
    const until = AbortSignal.any([stop, failed.signal]);
    const sessions =
      this.parts.sessions &&
      new SessionReporting({
        ...parts,
        host: this.parts.sessions,
        longestBackoffMs: this.parts.settings.heartbeatIntervalMs,
      });
    const conditions = fitness && new ToldConditions(fitness, clock);
    const loops = [
      new HeartbeatLoop({
        ...parts,
        status,
        conditions,
        hear: [...(sessions ? [sessions] : []), ...(updater ? [updater] : [])],
      }),
      new InfoReport({ ...parts, infoChanged: updater?.changed }),
      new KeyRotation(parts),
      ...(sessions ? [sessions] : []),
      ...(updater ? [updater] : []),
      ...(fitness ? [fitness] : []),
      ...(ownDrain ? [{ run: (end: AbortSignal) => ownDrain.run(membership, end) }] : []),
      ...(noticeWatch ? [noticeWatch] : []),
    ];
    // If one loop fails, the others have to end before the failure is passed on.
    const results = await Promise.allSettled(
      loops.map((loop) =>
        loop.run(until).catch((error: unknown) => {
          failed.abort();
          throw error;
        }),
      ),
    );
    await sessions?.stop();
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  private async sayGoodbye(membership: Membership, reason: string): Promise<void> {
    const { plane, log } = this.parts;
    const patience = AbortSignal.timeout(GOODBYE_TIMEOUT_MS);
    try {
      await membership.call(
        (accessToken) => plane.goodbye(accessToken, { bootId: this.bootId, reason }, patience),
        patience,
      );
      log.info(`said goodbye: ${reason}`);
    } catch (error) {
      log.warn(
        `could not say goodbye: ${patience.aborted ? `no answer within ${GOODBYE_TIMEOUT_MS / 1_000} s` : (error as Error).message}`,
      );
    }
  }
}

/** Undefined if the work was aborted by `stop`. */
async function unlessStopped<Result>(work: Promise<Result>, stop: AbortSignal): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    if (stop.aborted) return undefined;
    throw error;
  }
}
