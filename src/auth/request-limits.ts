import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { Clock } from '../mechanics/clock.js';
import { InjectConfig } from '../process/config.js';
import type { AgentAllowance } from './access.decorators.js';
import { addressKey } from '../http/address-key.js';
import { TokenBuckets } from '../mechanics/token-buckets.js';
import { tooManyRequests } from './too-many-requests.js';

const REMEMBERED = 50_000;
/** Of what a node that keeps to its interval sends: retries, reports and a clock that jumps fit in. */
const AGENT_BURST = 10;
const AGENT_SURPLUS = 3;
const AGENT_LEAST_PER_SECOND = 2;
/** Questions for commands and reports, each at most four times a second by an agent that keeps to its pauses. */
const AGENT_SESSIONS = { burst: 40, perSecond: 10, remembered: REMEMBERED };
/** Enough for any script that waits for its answers; one that runs away is slowed down. */
const CHANGES = { burst: 500, perSecond: 100, remembered: 1_000 };
/** An access token lasts for 15 minutes: a node that asks for one every few seconds is restarted again and again. */
const TRADES = { burst: 20, perSecond: 0.5, remembered: REMEMBERED };
/** Seconds of the allowance that an address may use at once. */
const JOINS_BURST_S = 10;

/** How much one caller may ask of one api replica, so that none of them starves the others. */
@Injectable()
export class RequestLimits {
  private readonly agents: Record<AgentAllowance, TokenBuckets>;
  private readonly trades: TokenBuckets;
  private readonly changes: TokenBuckets;
  private readonly joins: TokenBuckets;

  constructor(clock: Clock, @InjectConfig() { Compute, Orchestrator }: Config) {
    const perSecond = Math.max(AGENT_LEAST_PER_SECOND, (AGENT_SURPLUS * 1_000) / Compute.Heartbeat.Interval);
    this.agents = {
      presence: new TokenBuckets({ burst: AGENT_BURST, perSecond, remembered: REMEMBERED }, clock),
      sessions: new TokenBuckets(AGENT_SESSIONS, clock),
    };
    this.trades = new TokenBuckets(TRADES, clock);
    this.changes = new TokenBuckets(CHANGES, clock);
    const joins = Orchestrator.API.MaxJoinsPerSecond;
    this.joins = new TokenBuckets(
      { burst: Math.max(1, joins * JOINS_BURST_S), perSecond: joins, remembered: REMEMBERED },
      clock,
    );
  }

  /**
   * A node that has shown its access token. By generation: what an earlier credential is used for does not count
   * against the one that took its place.
   * @throws ProblemError TOO_MANY_REQUESTS
   */
  agentAsks({ uid, generation }: { uid: string; generation: number }, allowance: AgentAllowance): void {
    refuse(
      this.agents[allowance].take(allowanceOf(uid, generation)),
      'this node sends more than its heartbeats and reports',
    );
  }

  /** As {@link agentAsks}, of its presence, for who would rather not throw. */
  mayBeat(uid: string, generation: number): boolean {
    return this.agents.presence.take(allowanceOf(uid, generation)) === 0;
  }

  /** A node that has proven that it holds its key. @throws ProblemError TOO_MANY_REQUESTS */
  nodeProvesItself(uid: string): void {
    refuse(this.trades.take(uid), 'this node registers or asks for access tokens too often');
  }

  /** An administrator who changes something. @throws ProblemError TOO_MANY_REQUESTS */
  administratorChanges(principal: string): void {
    refuse(this.changes.take(principal), 'this administrator changes too much at once');
  }

  /** Somebody who registers, fetches what registers, or has proven in a request's body who they are and is to be let in. @throws ProblemError TOO_MANY_REQUESTS */
  strangerAsks(address: string): void {
    refuse(
      this.joins.take(addressKey(address)),
      'too many registrations, logins and installations come from this address',
    );
  }
}

/** What a node may ask is counted under this name. */
function allowanceOf(uid: string, generation: number): string {
  return `${uid} ${generation}`;
}

function refuse(waitMs: number, detail: string): void {
  if (waitMs > 0) throw tooManyRequests(detail, waitMs);
}
