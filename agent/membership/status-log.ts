import { formatSpan } from '../../contract/duration.js';
import { plainText } from '../../contract/plain-text.js';
import type { HeartbeatResponse } from '../../contract/schemas/agents.js';
import type { Approval, Availability } from '../../contract/states.js';
import type { AgentClock } from '../process/agent-clock.js';
import { inWords, type Refused } from '../control-plane/control-plane.js';
import type { Log } from '../process/log.js';
import type { AgentStatus } from './agent-status.js';

const APPROVAL_WORDS: Record<Approval, (id: string) => string> = {
  PENDING: (id) => `${id} awaits approval (rollcall node approve ${id})`,
  APPROVED: (id) => `${id} is approved`,
  REJECTED: (id) => `${id} is rejected`,
};

const AVAILABILITY_WORDS: Record<Availability, (id: string) => string> = {
  ACTIVE: (id) => `${id} is active: it may get sessions`,
  DRAINING: (id) => `${id} is draining: it gets no new sessions`,
  DRAINED: (id) => `${id} is drained: it gets no sessions until it is activated`,
};

/** A newer api has values that are unknown here. */
function wordsFor(words: Readonly<Record<string, (id: string) => string>>, value: string, id: string): string {
  return (
    words[value]?.(id) ??
    `${id} is ${plainText(value)}: this agent is older than the api, and does not know what that means`
  );
}

/** Logs the cluster's view of the node, once for every change and never for every heartbeat. */
export class StatusLog {
  private approval: Approval | undefined;
  private availability: Availability | undefined;
  /** The last refusal that was logged; the same one is not logged again. */
  private refusal: string | undefined;
  private lost: { since: number; attempts: number } | undefined;

  constructor(
    private readonly id: () => string,
    private readonly clock: AgentClock,
    private readonly log: Log,
    private readonly agentStatus?: AgentStatus,
  ) {}

  accepted({ approval, availability }: HeartbeatResponse): void {
    this.reached();
    this.refusal = undefined;
    if (approval !== this.approval)
      this.log.info({ approval, was: this.approval }, wordsFor(APPROVAL_WORDS, approval, this.id()));
    // Before approval availability has no meaning yet, and ACTIVE would mislead.
    if (
      approval === 'APPROVED' &&
      availability !== this.availability &&
      (this.availability !== undefined || availability !== 'ACTIVE')
    ) {
      this.log.info({ availability, was: this.availability }, wordsFor(AVAILABILITY_WORDS, availability, this.id()));
    }
    this.approval = approval;
    this.availability = availability;
    const words = approval === 'APPROVED' ? AVAILABILITY_WORDS[availability] : APPROVAL_WORDS[approval];
    this.agentStatus?.set(this.id(), words(this.id()), true);
  }

  /** An administrator rejected the node; the message is theirs. */
  rejected(refused: Refused): void {
    this.reached();
    this.approval = 'REJECTED';
    this.refused(refused);
    this.tell(refused.message, () =>
      this.log.error(
        { approval: 'REJECTED' },
        `${this.id()} was rejected: ${inWords(refused.fault)}; asking again every 30 s`,
      ),
    );
  }

  credentialRefused(refused: Refused): void {
    this.reached();
    this.refused(refused);
    this.tell(refused.message, () =>
      this.log.error(
        `the orchestrator does not accept the credential of ${this.id()} any more (revoked, or replaced by a new token); get a token with "rollcall node token regenerate ${this.id()}" and set it as Compute.Auth.Token; asking again every 30 s`,
      ),
    );
  }

  /** Another process uses the node's identity, possibly one of an earlier boot. */
  superseded(refused: Refused): void {
    this.reached();
    this.refused(refused);
    this.tell(refused.message, () =>
      this.log.error(
        `a later heartbeat of ${this.id()} is known: another agent seems to use a copy of this identity (${inWords(refused.fault)}); give each machine its own Compute.StateDir`,
      ),
    );
  }

  /** The orchestrator does not understand the heartbeat: their versions do not match. */
  misunderstood(refused: Refused): void {
    this.reached();
    this.refused(refused);
    this.tell(refused.message, () =>
      this.log.error(
        { status: refused.status },
        `the orchestrator refuses the heartbeat of ${this.id()}: ${inWords(refused.fault)}`,
      ),
    );
  }

  unreachable(why: string): void {
    this.agentStatus?.set(this.id(), `heartbeats do not get through: ${why}`, false);
    if (!this.lost) this.log.warn(`heartbeats do not get through, and are tried again: ${why}`);
    this.lost = { since: this.lost?.since ?? this.clock.elapsed(), attempts: (this.lost?.attempts ?? 0) + 1 };
  }

  private refused({ fault }: Refused): void {
    this.agentStatus?.set(this.id(), `refused: ${inWords(fault)}`, false);
  }

  private reached(): void {
    if (!this.lost) return;
    const { since, attempts } = this.lost;
    this.lost = undefined;
    const outageMs = Math.round(this.clock.elapsed() - since);
    this.log.info({ outageMs, attempts }, `heartbeats get through again, after ${formatSpan(outageMs)}`);
  }

  private tell(message: string, log: () => void): void {
    if (this.refusal !== message) log();
    this.refusal = message;
  }
}
