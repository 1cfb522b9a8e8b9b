import { EVERYWHERE, type Reach } from '../../auth/reach.js';
import type { SessionStore } from '../session-store.js';

/** `out of reach`: the caller's scopes do not include the node. */
export type Assignment = 'assigned' | 'out of service' | 'out of reach' | 'withdrawn';

interface Waiting {
  key: string;
  reach: Pick<Reach, 'includes'>;
  resolve: (assignment: Assignment) => void;
  reject: (error: unknown) => void;
}

/**
 * Assigns sessions to nodes. Sessions that arrive for a node during a write are assigned together by the next one, since concurrent writes of one
 * node's document would only conflict.
 */
export class Assignments {
  private readonly waiting = new Map<string, Waiting[]>();

  constructor(private readonly store: SessionStore) {}

  assign(key: string, node: { uid: string; name: string }, reach: Waiting['reach'] = EVERYWHERE): Promise<Assignment> {
    return new Promise((resolve, reject) => {
      const waiting = { key, reach, resolve, reject };
      const queue = this.waiting.get(node.uid);
      if (queue) {
        queue.push(waiting);
        return;
      }
      this.waiting.set(node.uid, [waiting]);
      void this.writeAll(node);
    });
  }

  private async writeAll(node: { uid: string; name: string }): Promise<void> {
    for (let batch = this.take(node.uid); batch.length > 0; batch = this.take(node.uid)) {
      try {
        const assigned = await this.store.assign(batch, node);
        for (const { key, resolve } of batch)
          resolve(assigned === 'out of service' ? assigned : (assigned.get(key) ?? 'withdrawn'));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.waiting.delete(node.uid);
  }

  /** Takes the waiting sessions. The queue stays, so that later ones wait for the next write. */
  private take(uid: string): Waiting[] {
    return this.waiting.get(uid)?.splice(0) ?? [];
  }
}
