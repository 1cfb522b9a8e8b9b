import { Injectable } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import type { RegisterRequest, RegisterResponse } from '../../contract/schemas/agents.js';
import { RequestLimits } from '../auth/request-limits.js';
import { parseToken, type ParsedToken } from '../auth/secret-token.js';
import { TokenFiles } from '../auth/token-files.js';
import { TokenStore } from '../auth/token-store.js';
import { unauthenticated } from '../auth/unauthenticated.js';
import { InjectConfig } from '../process/config.js';
import { LifecycleNotifier } from '../lifecycle/lifecycle-notifier.js';
import { nodeNameTaken } from '../record/node-problems.js';
import type { NodeRecord } from '../record/node-record.js';
import { NodeNameTaken, NodeStore } from '../record/node-store.js';
import { RefusedTokens } from './refused-tokens.js';
import { TokenJoining, TokenRefused } from './token-joining.js';

/** Registers agents: uses up their token, and gives their node a key. */
@Injectable()
export class RegistrationService {
  private readonly heartbeatIntervalMs: number;
  /** Registrations under way, by token and key: an agent may repeat its request meanwhile. */
  private readonly underWay = new Map<string, Promise<NodeRecord>>();

  constructor(
    private readonly tokens: TokenStore,
    private readonly files: TokenFiles,
    private readonly nodes: NodeStore,
    private readonly joining: TokenJoining,
    private readonly lifecycle: LifecycleNotifier,
    private readonly limits: RequestLimits,
    private readonly refused: RefusedTokens,
    @InjectConfig() config: Config,
  ) {
    this.heartbeatIntervalMs = config.Compute.Heartbeat.Interval;
  }

  /**
   * Registers an agent. Idempotent: an agent whose answer was lost may repeat the request with the same token and key.
   * @param from the sender's address
   * @throws ProblemError UNAUTHENTICATED for an invalid or used token, NODE_NAME_TAKEN, VALIDATION_FAILED, TOO_MANY_REQUESTS where too many agents join
   */
  async register(request: RegisterRequest, from: string): Promise<{ response: RegisterResponse; repeated: boolean }> {
    const token = parseToken(request.token);
    if (token?.prefix !== 'rcj' && token?.prefix !== 'rcb') throw unauthenticated();
    this.files.assertStored(token.id);
    // Before the transaction and the lane, since anybody can make up a token.
    if ((await this.tokens.find(token.id, token.secretHash)) === null) throw unauthenticated();
    const { node, repeated } = await this.nodeFor(token, request, from);
    const { name, uid, decision } = node;
    return {
      response: { id: name, uid, approval: decision.approval.value, heartbeatIntervalMs: this.heartbeatIntervalMs },
      repeated,
    };
  }

  private async nodeFor(
    token: ParsedToken,
    request: RegisterRequest,
    from: string,
  ): Promise<{ node: NodeRecord; repeated: boolean }> {
    const key = `${token.id} ${token.secretHash} ${request.publicKey.x}`;
    const first = this.underWay.get(key);
    if (first) return { node: await first, repeated: true };
    const known = await this.joinedBefore(token, request.publicKey.x);
    if (known) {
      await this.inform(known, token);
      return { node: known, repeated: true };
    }
    // The same request may have arrived again during the read.
    const second = this.underWay.get(key);
    if (second) return { node: await second, repeated: true };
    const joined = this.join(token, request, from).finally(() => this.underWay.delete(key));
    this.underWay.set(key, joined);
    return { node: await joined, repeated: false };
  }

  private async inform(node: NodeRecord, token: ParsedToken): Promise<void> {
    // A slot has had its workflow since it was created; a node with a join token has none yet.
    if (node.applied === null && token.prefix === 'rcj') await this.lifecycle.start(node);
    else if (node.applied?.seq !== node.decision.seq) await this.lifecycle.tell(node);
  }

  private async joinedBefore({ id, secretHash }: ParsedToken, publicKeyX: string): Promise<NodeRecord | undefined> {
    const node = await this.nodes.findByPublicKey(publicKeyX);
    if (node === null) return undefined;
    // Only a holder of the token may learn that the key has joined.
    const token = await this.tokens.find(id, secretHash);
    if (token === null) throw unauthenticated();
    if (token.kind !== 'join' && token.nodeUid !== node.uid) return undefined;
    this.limits.nodeProvesItself(node.uid);
    return node;
  }

  private async join(token: ParsedToken, request: RegisterRequest, from: string): Promise<NodeRecord> {
    try {
      const node = await this.joining.join(token, { request, from });
      await this.inform(node, token);
      return node;
    } catch (error) {
      if (error instanceof NodeNameTaken) throw nodeNameTaken(error.nodeName);
      if (!(error instanceof TokenRefused)) throw error;
      // After the unit of work, which would undo the event.
      await this.refused.note(request.token, error.refusal, from);
      throw unauthenticated();
    }
  }
}
