import { Injectable } from '@nestjs/common';
import type { ParsedToken } from '../auth/secret-token.js';
import { tooManyRequests } from '../auth/too-many-requests.js';
import { TokenStore, type TokenRefusal } from '../auth/token-store.js';
import { Clock } from '../mechanics/clock.js';
import { ProblemError } from '../http/problem-error.js';
import { NodeNameTaken, type NodeRecord } from '../record/node-store.js';
import { UnitOfWork } from '../record/unit-of-work.js';
import { FleetJoining, type Join } from './fleet-joining.js';
import { JoinLanes, LanesFull } from './join-lanes.js';
import { SlotJoining } from './slot-joining.js';

/** Limits of lanes. `together`: what one transaction writes in a tenth of a second; `waiting`: what a replica registers in about five seconds. */
const LANES = { together: 100, waiting: 2_000 };
/** Time until a full lane has room again, in milliseconds. */
const LANE_WAIT_MS = 4_000;

/** The token is not valid for joining. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';

  constructor(readonly refusal: TokenRefusal) {
    super(`the token is ${refusal}`);
  }
}

/** Some joins of a batch fail, which must not fail the others. */
class NotTogether extends Error {
  override readonly name = 'NotTogether';
}

interface TokenJoin extends Join {
  token: ParsedToken;
}

/**
 * Registers agents by a token. Using up the token and giving the node its key are one unit of work. Joins with the same token write the same document,
 * and in a crowd would conflict until hardly any succeeded: they are serialized, and waiting ones are batched.
 */
@Injectable()
export class TokenJoining {
  private readonly lanes = new JoinLanes<TokenJoin, NodeRecord>((joins) => this.letIn(joins), LANES);

  constructor(
    private readonly tokens: TokenStore,
    private readonly slots: SlotJoining,
    private readonly fleet: FleetJoining,
    private readonly unit: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** @throws TokenRefused, NodeNameTaken, or ProblemError VALIDATION_FAILED, UNAUTHENTICATED, DECISION_CONFLICT, TOO_MANY_REQUESTS */
  async join(token: ParsedToken, join: Join): Promise<NodeRecord> {
    try {
      return await this.lanes.do(`${token.id} ${token.secretHash}`, { token, ...join });
    } catch (error) {
      throw error instanceof LanesFull ? tooManyRequests('too many agents join at once', LANE_WAIT_MS) : error;
    }
  }

  /** Registers a batch with the same token. Where it fails as a whole, halves are tried, so that each join gets its own outcome. */
  private async letIn(joins: readonly TokenJoin[]): Promise<PromiseSettledResult<NodeRecord>[]> {
    try {
      const nodes = await this.inOneUnit(joins);
      return nodes.map((value) => ({ status: 'fulfilled', value }));
    } catch (reason) {
      if (joins.length === 1 || !concernsSome(reason)) return joins.map(() => ({ status: 'rejected', reason }));
      const middle = Math.ceil(joins.length / 2);
      return [...(await this.letIn(joins.slice(0, middle))), ...(await this.letIn(joins.slice(middle)))];
    }
  }

  private inOneUnit(joins: readonly TokenJoin[]): Promise<NodeRecord[]> {
    const [first] = joins;
    if (!first) return Promise.resolve([]);
    const at = this.clock.now();
    return this.unit.run(async () => {
      const token = await this.tokens.consume(first.token.id, first.token.secretHash, at, joins.length);
      if (token === 'too few uses') throw new NotTogether();
      if (typeof token === 'string') throw new TokenRefused(token);
      if (token.kind === 'join') return this.fleet.join(token, joins, at);
      if (joins.length > 1) throw new NotTogether();
      return [await this.slots.join(token, first.request, at, first.from)];
    });
  }
}

/** Whether the failure concerns single joins; others are of the token or of MongoDB, and concern all. */
function concernsSome(reason: unknown): boolean {
  return reason instanceof NotTogether || reason instanceof NodeNameTaken || reason instanceof ProblemError;
}
