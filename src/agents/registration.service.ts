import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import type { RegisterRequest, RegisterResponse } from '../../contract/schemas/agents.js';
import { RequestLimits } from '../auth/request-limits.js';
import { parseToken, type ParsedToken } from '../auth/secret-token.js';
import { TokenFiles } from '../auth/token-files.js';
import { TokenStore, type TokenRefusal } from '../auth/token-store.js';
import { unauthenticated } from '../auth/unauthenticated.js';
import { Clock } from '../clock.js';
import { InjectConfig } from '../config.js';
import { LifecycleNotifier } from '../nodes/lifecycle-notifier.js';
import { nodeNameTaken } from '../nodes/node-problems.js';
import type { NodeRecord } from '../nodes/node-record.js';
import { NodeNameTaken, NodeStore } from '../nodes/node-store.js';
import { UnitOfWork } from '../nodes/unit-of-work.js';
import { FleetJoining } from './fleet-joining.js';
import { RefusedTokens } from './refused-tokens.js';
import { SlotJoining } from './slot-joining.js';

/** An agent joins: a token is used, a node has a key. */
@Injectable()
export class RegistrationService {
  private readonly heartbeatIntervalMs: number;

  constructor(
    private readonly tokens: TokenStore,
    private readonly files: TokenFiles,
    private readonly nodes: NodeStore,
    private readonly slots: SlotJoining,
    private readonly fleet: FleetJoining,
    private readonly unit: UnitOfWork,
    private readonly lifecycle: LifecycleNotifier,
    private readonly limits: RequestLimits,
    private readonly refused: RefusedTokens,
    private readonly clock: Clock,
    @InjectConfig() config: Config,
  ) {
    this.heartbeatIntervalMs = config.Compute.Heartbeat.Interval;
  }

  /**
   * An agent whose answer was lost may ask again with the same token and key, and hears the same.
   * @param from the address that the request came from
   * @throws ProblemError UNAUTHENTICATED for a token that opens nothing (any more), NODE_NAME_TAKEN, VALIDATION_FAILED
   */
  async register(request: RegisterRequest, from: string): Promise<{ response: RegisterResponse; repeated: boolean }> {
    const token = parseToken(request.token);
    if (token === undefined || token.prefix === 'rca') throw unauthenticated();
    this.files.assertStored(token.id);
    const known = await this.joinedBefore(token, request.publicKey.x);
    const node = known ?? (await this.join(token, request, from));
    await this.lifecycle.tell(node);
    const { name, uid, decision } = node;
    return { response: { id: name, uid, approval: decision.approval.value, heartbeatIntervalMs: this.heartbeatIntervalMs }, repeated: known !== undefined };
  }

  private async joinedBefore({ id, secretHash }: ParsedToken, publicKeyX: string): Promise<NodeRecord | undefined> {
    const node = await this.nodes.findByPublicKey(publicKeyX);
    if (node === null) return undefined;
    // Only who also has the token learns that the key has joined.
    const token = await this.tokens.find(id, secretHash);
    if (token === null) throw unauthenticated();
    if (token.kind !== 'join' && token.nodeUid !== node.uid) return undefined;
    this.limits.nodeProvesItself(node.uid);
    return node;
  }

  /** The token is used up if and only if the node has its key: both are one unit. */
  private async join({ id, secretHash }: ParsedToken, request: RegisterRequest, from: string): Promise<NodeRecord> {
    const at = this.clock.now();
    let refusal: TokenRefusal | undefined;
    try {
      return await this.unit.run(async () => {
        const token = await this.tokens.consume(id, secretHash, at);
        if (typeof token === 'string') {
          refusal = token;
          throw unauthenticated();
        }
        return token.kind === 'bootstrap' ? this.slots.join(token, request, at, from) : this.fleet.join(token, request, at, from);
      });
    } catch (error) {
      // After the unit has ended: what is written within it is undone with it.
      if (refusal !== undefined) await this.refused.note(request.token, refusal, from);
      throw error instanceof NodeNameTaken ? nodeNameTaken(error.nodeName) : error;
    }
  }
}
