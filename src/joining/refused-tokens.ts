import { Injectable } from '@nestjs/common';
import { parseToken } from '../auth/secret-token.js';
import { TokenBuckets } from '../mechanics/token-buckets.js';
import { TokenStore, type TokenRefusal } from '../auth/token-store.js';
import { Clock } from '../mechanics/clock.js';
import { TOKEN_REFUSED } from '../../contract/audit.js';
import { EventStore } from '../record/event-store.js';
import { tokenEvent } from '../record/node-event.js';
import { NodeStore } from '../record/node-store.js';

/** Of one token: further attempts of an agent that keeps trying say nothing new. */
const NOTED = { burst: 3, perSecond: 1 / 600, remembered: 10_000 };

/**
 * Writes down who shows a token that was right once and opens nothing any more: for whoever made it, that may be the
 * first sign that it has leaked. Secrets that were never right are not written down: anybody can make those up.
 */
@Injectable()
export class RefusedTokens {
  private readonly noted: TokenBuckets;

  constructor(
    private readonly tokens: TokenStore,
    private readonly nodes: NodeStore,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {
    this.noted = new TokenBuckets(NOTED, clock);
  }

  async note(text: string, refusal: TokenRefusal, from: string): Promise<void> {
    const token = parseToken(text);
    if (token === undefined || refusal === 'unknown' || this.noted.take(token.id) > 0) return;
    const record = await this.tokens.find(token.id, token.secretHash);
    const node = record?.nodeUid ? await this.nodes.findByUid(record.nodeUid) : null;
    await this.events.append([
      tokenEvent(token.id, TOKEN_REFUSED, this.clock.now(), { by: 'anonymous', from }, `the token is ${refusal}`, node),
    ]);
  }
}
