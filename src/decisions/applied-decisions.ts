import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Clock } from '../mechanics/clock.js';
import type { NodeRecord } from '../record/node-record.js';
import { NodeStore } from '../record/node-store.js';

/** Most decisions are applied within some tens of milliseconds: whoever has waited briefly looks often, in milliseconds. */
const LOOK_EVERY_MS = { least: 10, most: 50 };
/** Nobody hears of it later than after this part of the time that it took. */
const LATE_BY = 1 / 4;

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
    const began = this.clock.now();
    const until = began + waitMs;
    const isOver = () => ended?.aborted === true || this.clock.now() >= until;
    let node = decided;
    while (!isApplied(node, seq) && !isOver()) {
      const now = this.clock.now();
      const pauseMs = Math.min(LOOK_EVERY_MS.most, Math.max(LOOK_EVERY_MS.least, (now - began) * LATE_BY));
      await sleep(Math.min(pauseMs, until - now));
      // A database that fails meanwhile does not undo what is committed: the last known state is the answer.
      node = (await this.nodes.findByUid(decided.uid).catch(() => null)) ?? node;
    }
    return { node, applied: isApplied(node, seq) };
  }
}

function isApplied({ applied }: NodeRecord, seq: number): boolean {
  return applied !== null && applied.seq >= seq;
}
