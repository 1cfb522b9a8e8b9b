import { Inject, Injectable } from '@nestjs/common';
import { listedSessions } from '../../contract/sessions.js';
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

/** Age below which a difference is ignored, in milliseconds: reports and projections overtake each other. */
const GRACE_MS = 8_000;
/** Maximum number of nodes settled per census. */
const AT_ONCE = 50;

/**
 * Settles differences between records and workflows about a node's sessions: a report came while Temporal was unavailable, or an api replica
 * died while it placed a session. A workflow that still answers for the node is told the records' sessions. Where it has already drawn a
 * conclusion (the node is rejected or lost) without knowing them, the records are ended as the workflow would have ended them.
 */
@Injectable()
export class SessionCensus {
  private readonly seen = new FirstSeen();
  private readonly backOff = new BackOff();
  /** Whether reports of removed nodes were closed: once, for removals by versions that did not do so. */
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
   * @returns the number of nodes that were settled
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
      // In the order of reports, so that a report after this look takes precedence.
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
            `${reason}: ${listedSessions(ids)}`,
          ),
        ]);
      return ids.length > 0;
    };
    const ids = sessions.map(({ id }) => id);
    if (!node?.living) return end(ids, 'LOST', 'its node was removed');
    // A workflow that has not begun will begin with the records' sessions.
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
