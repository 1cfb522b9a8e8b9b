import { Injectable } from '@nestjs/common';
import { parseToken } from '../auth/secret-token.js';
import { TokenBuckets } from '../mechanics/token-buckets.js';
import { TokenStore, type TokenRefusal } from '../auth/token-store.js';
import { Clock } from '../mechanics/clock.js';
import { TOKEN_REFUSED } from '../../contract/audit.js';
import { EventStore } from '../record/event-store.js';
import { tokenEvent } from '../record/node-event.js';
import { NodeStore } from '../record/node-store.js';

/** Rate of events per token: further attempts of an agent that keeps trying say nothing new. */
const NOTED = { burst: 3, perSecond: 1 / 600, remembered: 10_000 };

/**
 * Records attempts with tokens that were valid once: for an administrator this may be the first sign of a leak. Secrets that were never valid are not
 * recorded, since anybody can make them up.
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
