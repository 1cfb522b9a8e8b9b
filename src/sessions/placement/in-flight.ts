import { sumOfResources, type SessionResources } from '../../../contract/sessions.js';
import type { EpochMs } from '../../../contract/states.js';
import type { Candidate } from './candidate.js';

/** Maximum time until a reservation shows in the node's record, in milliseconds. */
const SHOWN_AFTER_MS = 3_000;

interface Share {
  resources: SessionResources;
  /** When the node took it; undefined while it is being asked. */
  takenAt?: EpochMs;
}

/** Sessions that this replica is placing, or has just placed and the records do not show yet. Spreads bursts of sessions. */
export class InFlight {
  private readonly byNode = new Map<string, Set<Share>>();

  /** Notes that a node is being asked. @returns callbacks for acceptance and refusal */
  begin(uid: string, resources: SessionResources): { taken(at: EpochMs): void; refused(): void } {
    const share: Share = { resources };
    const shares = this.byNode.get(uid) ?? new Set();
    this.byNode.set(uid, shares.add(share));
    return {
      taken: (at) => {
        share.takenAt = at;
      },
      refused: () => this.forget(uid, share),
    };
  }

  /** The candidate with sessions in flight counted as reserved. */
  added(candidate: Candidate, now: EpochMs): Candidate {
    const shares = this.byNode.get(candidate.uid);
    if (shares === undefined) return candidate;
    for (const share of shares)
      if (share.takenAt !== undefined && now - share.takenAt > SHOWN_AFTER_MS) this.forget(candidate.uid, share);
    if (shares.size === 0) return candidate;
    const reserved = sumOfResources([candidate.reserved, ...[...shares].map(({ resources }) => resources)]);
    return { ...candidate, reserved, activeSessions: candidate.activeSessions + shares.size };
  }

  private forget(uid: string, share: Share): void {
    const shares = this.byNode.get(uid);
    shares?.delete(share);
    if (shares?.size === 0) this.byNode.delete(uid);
  }
}
