import { Injectable } from '@nestjs/common';
import { IN_SERVICE, recordedState, type FleetCounts, type FleetState } from '../../contract/fleet-state.js';
import type { Phase } from '../../contract/phase.js';
import { Clock } from '../mechanics/clock.js';
import { ClusterStore } from './cluster-store.js';
import { CountedNodes } from './counted-nodes.js';
import type { NodeCounts, NodeTally } from './node-counts.js';
import { QuietRules } from './quiet-rules.js';

/** Number of compute nodes in each state, from this replica's counts and one pass over the heartbeats. */
@Injectable()
export class FleetCensus {
  constructor(
    private readonly nodes: CountedNodes,
    private readonly store: ClusterStore,
    private readonly rules: QuietRules,
    private readonly clock: Clock,
  ) {}

  async take(): Promise<FleetCounts> {
    const counts = await this.nodes.current();
    const [{ copied }, stopped] = await Promise.all([this.store.needy(this.clock.now()), this.store.stopped()]);
    const census = new Map<FleetState, number>();
    const add = (state: FleetState, nodes: number) => census.set(state, (census.get(state) ?? 0) + nodes);
    for (const tally of counts.kinds) if (tally.type === 'Compute') add(recordedState(tally), tally.nodes);
    for (const uid of copied) {
      const tally = counts.get(uid);
      if (tally?.type !== 'Compute') continue;
      add(recordedState(tally), -1);
      add('copied', 1);
    }
    const isCopied = new Set(copied);
    for (const tally of counts.those(stopped.filter((uid) => !isCopied.has(uid)))) {
      if (tally.type !== 'Compute') continue;
      add(recordedState(tally), -1);
      add(recordedState({ ...tally, isStopped: true }), 1);
    }
    for (const phase of IN_SERVICE) {
      const { overdue, warnings } = await this.silent(counts, phase, copied);
      add(recordedState({ phase, liveness: 'HEALTHY' }), -Math.max(warnings, overdue));
      add('overdue', overdue);
      add('missing', Math.max(0, warnings - overdue));
    }
    return Object.fromEntries([...census].filter(([, nodes]) => nodes > 0));
  }

  /** Counts overdue nodes and ones with a warning among the HEALTHY nodes of a phase. One set always contains the other. */
  private silent(counts: NodeCounts, phase: Phase, copied: readonly string[]) {
    const isHeard = (tally: NodeTally) =>
      tally.type === 'Compute' && tally.phase === phase && tally.liveness === 'HEALTHY';
    return this.store.sumHeartbeats(
      counts.named(isHeard, copied),
      this.rules.at(this.clock.now()),
      this.rules.timeoutMs,
    );
  }
}
