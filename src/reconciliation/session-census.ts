import { Inject, Injectable } from '@nestjs/common';
import { SYSTEM, type EpochMs } from '../../contract/states.js';
import { HeartbeatStore } from '../heartbeats/heartbeat-store.js';
import { Clock, SteadyClock } from '../mechanics/clock.js';
import { EventStore } from '../record/event-store.js';
import { nodeEvent } from '../record/node-event.js';
import { NodeStore } from '../record/node-store.js';
import { SessionStore } from '../sessions/session-store.js';
import { BackOff } from '../mechanics/back-off.js';
import { FirstSeen } from '../mechanics/first-seen.js';
import { LifecycleSignals } from '../lifecycle/lifecycle-signals.js';
import { ReconciliationStore, type SessionDrift } from './reconciliation-store.js';
import { StuckLifecycles } from './stuck-lifecycles.js';

/** Reports and what workflows write of them cross each other; younger differences are none. In milliseconds. */
const GRACE_MS = 8_000;
/** Settled in one go; the rest waits for the next. */
const AT_ONCE = 50;

/**
 * Settles what records and workflows say of a node's sessions where it is not the same: a report came while Temporal was away, or whoever
 * placed a session died in the middle. A workflow that has yet to answer for the node is told what the records have; where it has
 * answered (the node is rejected, or lost) and knew less than they, they end as it would have ended them.
 */
@Injectable()
export class SessionCensus {
  private readonly seen = new FirstSeen();
  private readonly backOff = new BackOff();
  /** Removals end them; those of before they did are ended once. */
  private endedReports = false;

  constructor(
    @Inject(ReconciliationStore) private readonly record: Pick<
      ReconciliationStore,
      'sessionDrifts' | 'endReportsOfRemoved'
    >,
    @Inject(NodeStore) private readonly nodes: Pick<NodeStore, 'findByUid'>,
    private readonly sessions: SessionStore,
    @Inject(HeartbeatStore) private readonly heartbeats: Pick<HeartbeatStore, 'read'>,
    @Inject(EventStore) private readonly events: Pick<EventStore, 'append'>,
    private readonly signals: LifecycleSignals,
    private readonly stuck: StuckLifecycles,
    @Inject(SteadyClock) private readonly clock: Clock,
    private readonly recordClock: Clock,
  ) {}

  /**
   * @returns of how many nodes it settled something
   * @throws LifecycleUnavailable where Temporal does not answer
   */
  async take(): Promise<number> {
    const now = this.clock.now();
    if (!this.endedReports) await this.record.endReportsOfRemoved();
    this.endedReports = true;
    const drifts = await this.record.sessionDrifts();
    this.backOff.keep(drifts.map(({ uid }) => uid));
    const lasting = this.seen.seenFor(GRACE_MS, drifts.map(keyOf), now);
    let settled = 0;
    for (const drift of drifts
      .filter((one) => lasting.has(keyOf(one)) && this.backOff.isDue(one.uid, now))
      .slice(0, AT_ONCE)) {
      this.backOff.tried(drift.uid, now, { leastMs: GRACE_MS });
      if (await this.settle(drift)) settled += 1;
    }
    return settled;
  }

  private async settle({ uid, held }: SessionDrift): Promise<boolean> {
    const node = await this.nodes.findByUid(uid);
    const { sessions, reportedAt } = await this.sessions.recordOf(uid);
    const end = async (ids: string[], state: 'LOST' | 'TERMINATED', reason: string) => {
      // By the records' own time: a report that comes after this look stands against it.
      const at = Math.max(this.recordClock.now(), reportedAt ?? 0);
      await this.sessions.applyChanges(
        uid,
        ids.map((id) => ({ id, state, at, by: SYSTEM, reason })),
      );
      if (node)
        await this.events.append([
          nodeEvent(
            node,
            state === 'LOST' ? 'SessionsLost' : 'SessionsTerminated',
            at,
            { by: SYSTEM, from: null },
            `${reason}: ${listed(ids)}`,
          ),
        ]);
      return ids.length > 0;
    };
    const ids = sessions.map(({ id }) => id);
    if (!node?.living) return end(ids, 'LOST', 'its node was removed');
    // It has not begun: it will begin with what the records have.
    if (node.applied === null) return false;
    const { view } = node.applied;
    const [heard] = [...(await this.heartbeats.read([uid])).values()];
    if (view.approval.value === 'REJECTED' || view.liveness.value === 'UNKNOWN') {
      const isOver =
        held === 0 &&
        node.applied.seq === node.decision.seq &&
        (view.approval.value === 'REJECTED' || (heard?.lastSeen ?? 0) <= (view.lastHeartbeat ?? 0));
      if (!isOver) return false;
      return view.approval.value === 'REJECTED'
        ? end(ids, 'TERMINATED', 'the node was rejected')
        : end(ids, 'LOST', 'their node is lost');
    }
    const at: EpochMs = reportedAt ?? view.lastHeartbeat ?? 0;
    const bootId = view.bootId ?? heard?.bootId;
    return (
      bootId !== undefined && this.stuck.tell(node, () => this.signals.reportSessions(node, { at, bootId, sessions }))
    );
  }
}

function keyOf({ uid, recorded, held }: SessionDrift): string {
  return `${uid} ${recorded} ${held}`;
}

/** Ids for people: the first ten. */
function listed(ids: readonly string[]): string {
  return `${ids.slice(0, 10).join(', ')}${ids.length > 10 ? ` and ${ids.length - 10} more` : ''}`;
}
