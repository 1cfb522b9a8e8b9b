import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Clock } from '../mechanics/clock.js';
import type { NodeRecord } from '../record/node-record.js';
import { NodeStore } from '../record/node-store.js';

const LOOK_EVERY_MS = 50;

/** Waits for a node's workflow to report a decision as applied. */
@Injectable()
export class AppliedDecisions {
  constructor(
    private readonly nodes: NodeStore,
    private readonly clock: Clock,
  ) {}

  /**
   * @param waitMs in milliseconds; 0 looks at what was given, and no further
   * @param ended nobody waits beyond it
   */
  async waitFor(
    decided: NodeRecord,
    waitMs: number,
    ended?: AbortSignal,
  ): Promise<{ node: NodeRecord; applied: boolean }> {
    const { seq } = decided.decision;
    const until = this.clock.now() + waitMs;
    const isOver = () => ended?.aborted === true || this.clock.now() >= until;
    let node = decided;
    while (!isApplied(node, seq) && !isOver()) {
      await sleep(Math.min(LOOK_EVERY_MS, until - this.clock.now()));
      // A database that fails meanwhile does not undo what is committed: the last known state is the answer.
      node = (await this.nodes.findByUid(decided.uid).catch(() => null)) ?? node;
    }
    return { node, applied: isApplied(node, seq) };
  }
}

function isApplied({ applied }: NodeRecord, seq: number): boolean {
  return applied !== null && applied.seq >= seq;
}
