import type { SessionStore } from '../session-store.js';

export type Assignment = 'assigned' | 'out of service' | 'withdrawn';

interface Waiting {
  key: string;
  resolve: (assignment: Assignment) => void;
  reject: (error: unknown) => void;
}

/**
 * Assigns sessions to nodes: what waits for a node while one write is under way goes with the next, all in one. Writes of
 * the same node's document at the same time would only undo each other.
 */
export class Assignments {
  private readonly waiting = new Map<string, Waiting[]>();

  constructor(private readonly store: SessionStore) {}

  assign(key: string, node: { uid: string; name: string }): Promise<Assignment> {
    return new Promise((resolve, reject) => {
      const waiting = { key, resolve, reject };
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
        const assigned = await this.store.assign(
          batch.map(({ key }) => key),
          node,
        );
        for (const { key, resolve } of batch)
          resolve(assigned === 'out of service' ? assigned : assigned.has(key) ? 'assigned' : 'withdrawn');
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.waiting.delete(node.uid);
  }

  /** What waits; the queue stays, so that whoever comes meanwhile waits for the next write. */
  private take(uid: string): Waiting[] {
    return this.waiting.get(uid)?.splice(0) ?? [];
  }
}
