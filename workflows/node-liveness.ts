import { formatDuration } from '../contract/duration.js';
import { isoTime } from '../contract/iso-time.js';
import type { CarriedLifecycle, LivenessPolicy, NodeEventType } from '../contract/lifecycle.js';
import { SYSTEM, type Condition, type EpochMs, type Liveness } from '../contract/states.js';

/** A change of liveness. */
export interface LivenessFinding {
  type: NodeEventType;
  reason: string;
}

/**
 * A node's liveness. A heartbeat raises it to HEALTHY; each deadline that passes in silence lowers it one step. Blind spots of the control
 * plane do not count as silence.
 */
export class NodeLiveness {
  #condition: Condition<Liveness>;
  #lastHeartbeat: EpochMs | undefined;
  #bootId: string | undefined;
  #blindMs: number;
  #heldMs: number;

  constructor(
    private policy: LivenessPolicy,
    carried: CarriedLifecycle | undefined,
    now: EpochMs,
    /** An ephemeral node's own time; see LifecycleInput. */
    private readonly ownRemoveAfterMs?: number,
  ) {
    this.#condition = carried?.liveness ?? {
      value: 'UNKNOWN',
      since: now,
      reason: 'no heartbeat has come yet',
      by: SYSTEM,
    };
    this.#lastHeartbeat = carried?.lastHeartbeat;
    this.#bootId = carried?.bootId;
    this.#blindMs = carried?.blindMs ?? 0;
    this.#heldMs = carried?.heldMs ?? 0;
  }

  get condition(): Condition<Liveness> {
    return this.#condition;
  }

  get lastHeartbeat(): EpochMs | undefined {
    return this.#lastHeartbeat;
  }

  get currentPolicy(): LivenessPolicy {
    return this.policy;
  }

  /** Silence beyond this time lowers liveness by one step; undefined if nothing is awaited. */
  get deadline(): EpochMs | undefined {
    if (this.#lastHeartbeat === undefined) return undefined;
    const { disconnectTimeoutMs, unknownTimeoutMs } = this.policy;
    const removeAfterMs = this.ownRemoveAfterMs ?? this.policy.removeAfterMs;
    const unhealthyAt = this.#lastHeartbeat + this.#blindMs + disconnectTimeoutMs;
    switch (this.#condition.value) {
      case 'HEALTHY':
        return unhealthyAt;
      case 'UNHEALTHY':
        return unhealthyAt + unknownTimeoutMs;
      case 'UNKNOWN':
        return removeAfterMs > 0 ? unhealthyAt + unknownTimeoutMs + this.#heldMs + removeAfterMs : undefined;
    }
  }

  /** Silence beyond this time loses the node's sessions: UNKNOWN, and not protected by a mass silence. */
  get lossDeadline(): EpochMs | undefined {
    if (this.#lastHeartbeat === undefined) return undefined;
    return (
      this.#lastHeartbeat +
      this.#blindMs +
      this.policy.disconnectTimeoutMs +
      this.policy.unknownTimeoutMs +
      this.#heldMs
    );
  }

  /** Whether it is less than HEALTHY. */
  get isSilent(): boolean {
    return this.#condition.value !== 'HEALTHY';
  }

  /** Whether the last heartbeat is too old to prove that the node is alive. */
  get wasHeardTooLongAgo(): boolean {
    return this.#lastHeartbeat !== undefined && this.#condition.value === 'UNKNOWN';
  }

  /** Whether part of the silence was within a mass silence, which postpones irreversible consequences. Its end may not be known yet. */
  get isHeld(): boolean {
    return this.isSilent && this.#heldMs > 0;
  }

  /** Whether a mass silence protects the node: its silence then has no irreversible consequences. */
  isHeldAt(now: EpochMs): boolean {
    return this.isHeld && now < (this.lossDeadline ?? 0);
  }

  /** Applies a heartbeat. One older than the last known changes nothing; one older than the timeout does not revive the node. */
  hear(at: EpochMs, bootId: string | undefined, now: EpochMs): LivenessFinding[] {
    if (at <= (this.#lastHeartbeat ?? 0)) return [];
    const findings: LivenessFinding[] = [];
    this.#lastHeartbeat = at;
    this.#blindMs = 0;
    this.#heldMs = 0;
    if (bootId !== undefined && bootId !== this.#bootId) {
      if (this.#bootId !== undefined) findings.push({ type: 'NodeRestarted', reason: 'its agent has started anew' });
      this.#bootId = bootId;
    }
    if (this.#condition.value !== 'HEALTHY' && now < at + this.policy.disconnectTimeoutMs) {
      findings.push(this.#become('HEALTHY', now, 'heartbeats arrive', 'NodeHealthy'));
    }
    return findings;
  }

  /** Applies the policy in force, and how much of the time since the last heartbeat was blind, or within a mass silence, in milliseconds. */
  learn(policy: LivenessPolicy, heardAt: EpochMs | undefined, blindMs: number, heldMs: number): void {
    this.policy = policy;
    if (heardAt !== this.#lastHeartbeat) return;
    this.#blindMs = blindMs;
    this.#heldMs = heldMs;
  }

  /** Lowers liveness by one step, from HEALTHY or UNHEALTHY: the deadline has passed. */
  decline(now: EpochMs): LivenessFinding {
    return this.#condition.value === 'HEALTHY'
      ? this.#become('UNHEALTHY', now, this.lastHeard, 'NodeUnhealthy')
      : this.#become('UNKNOWN', now, this.lastHeard, 'NodeUnknown');
  }

  /** Why a silence removes the node, as text. */
  get whyRemoved(): string {
    const after =
      this.ownRemoveAfterMs === undefined
        ? 'silent for RemoveAfter'
        : `ephemeral, and UNKNOWN for ${formatDuration(this.ownRemoveAfterMs)}`;
    return `${after}, ${this.lastHeard}`;
  }

  /** When the node was last heard, as text. */
  get lastHeard(): string {
    return this.#lastHeartbeat === undefined ? 'never heard' : `last heartbeat ${isoTime(this.#lastHeartbeat)}`;
  }

  /** The liveness part of the node's view. */
  get view(): { liveness: Condition<Liveness>; lastHeartbeat?: EpochMs; bootId?: string; deadline?: EpochMs } {
    const { deadline } = this;
    return { ...this.#known, ...(deadline !== undefined && { deadline }) };
  }

  carry(): Pick<CarriedLifecycle, 'liveness' | 'lastHeartbeat' | 'bootId' | 'blindMs' | 'heldMs'> {
    return { ...this.#known, blindMs: this.#blindMs, ...(this.#heldMs > 0 && { heldMs: this.#heldMs }) };
  }

  get #known(): { liveness: Condition<Liveness>; lastHeartbeat?: EpochMs; bootId?: string } {
    return {
      liveness: this.#condition,
      ...(this.#lastHeartbeat !== undefined && { lastHeartbeat: this.#lastHeartbeat }),
      ...(this.#bootId !== undefined && { bootId: this.#bootId }),
    };
  }

  #become(value: Liveness, now: EpochMs, reason: string, type: NodeEventType): LivenessFinding {
    this.#condition = { value, since: now, reason, by: SYSTEM };
    return { type, reason };
  }
}
