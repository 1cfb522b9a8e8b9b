import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Clock } from '../mechanics/clock.js';
import { pauseBeforeLook } from '../mechanics/patient-looks.js';
import type { NodeRecord } from '../record/node-record.js';
import { NodeStore } from '../record/node-store.js';

/** Pace of polling: most decisions are applied within some tens of milliseconds. */
const PACE = { least: 10, most: 50, lateBy: 1 / 4 };

/** Waits for a node's workflow to report a decision as applied. */
@Injectable()
export class AppliedDecisions {
  constructor(
    private readonly nodes: NodeStore,
    private readonly clock: Clock,
  ) {}

  /**
   * @param waitMs maximum wait, in milliseconds; 0 looks only at the given node
   * @param ended ends the wait early
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
      await sleep(pauseBeforeLook(PACE, now - began, waitMs));
      // The decision is committed, so a failing database now only means that the last known state is the answer.
      node = (await this.nodes.findByUid(decided.uid).catch(() => null)) ?? node;
    }
    return { node, applied: isApplied(node, seq) };
  }
}

function isApplied({ applied }: NodeRecord, seq: number): boolean {
  return applied !== null && applied.seq >= seq;
}
