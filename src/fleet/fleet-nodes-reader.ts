import { Injectable } from '@nestjs/common';
import { fleetState, type FleetState } from '../../contract/fleet-state.js';
import { isOverdue, missedHeartbeats, type Quiet } from '../../contract/health.js';
import { awaitedIntervalMs, stretchedTimeoutMs } from '../../contract/heartbeat-pace.js';
import { isoTime } from '../../contract/iso-time.js';
import { naturalKey } from '../../contract/node-order.js';
import type { FleetNodes } from '../../contract/schemas/fleet.js';
import type { EpochMs } from '../../contract/states.js';
import { QuietRules } from '../cluster/quiet-rules.js';
import { Clock } from '../mechanics/clock.js';
import { KeptReading } from '../mechanics/kept-reading.js';
import { fleetColumns, type FleetCell } from './fleet-columns.js';
import { FleetStore, type FleetNode } from './fleet-store.js';

/** Every compute node in compact form, read once for all requests within some seconds. */
@Injectable()
export class FleetNodesReader {
  private readonly reading: KeptReading<FleetCell[]>;

  constructor(
    private readonly store: FleetStore,
    private readonly rules: QuietRules,
    private readonly clock: Clock,
  ) {
    this.reading = new KeptReading(() => this.cells(), clock);
  }

  /** @param label key of the label to group by */
  async read(label: string | undefined): Promise<FleetNodes> {
    const { at, value } = this.reading.current();
    return { at: isoTime(at), ...fleetColumns(await value, label) };
  }

  /** All nodes in natural order of their ids. */
  private async cells(): Promise<FleetCell[]> {
    const nodes = await this.store.nodes();
    // By the time after reading, so that nodes that beat meanwhile are not late.
    const quiet = this.rules.at(this.clock.now());
    return nodes
      .map((node) => ({ key: naturalKey(node.name), cell: { ...node, ...stateOf(node, quiet, this.rules.timeoutMs) } }))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ cell }) => cell);
  }
}

function stateOf(
  node: FleetNode,
  { now, missed, intervalMs }: Quiet,
  timeoutMs: EpochMs,
): { state: FleetState; isHeard: boolean } {
  const { lastSeen, intervalMs: toldMs, liveness, isStopped } = node;
  const isKnown = liveness === 'HEALTHY' && lastSeen > 0 && !isStopped;
  const overdue = isKnown && isOverdue(lastSeen, now, stretchedTimeoutMs(timeoutMs, intervalMs, toldMs));
  const isQuiet = isKnown && missedHeartbeats(lastSeen, now, awaitedIntervalMs(intervalMs, toldMs)) >= missed;
  return { state: fleetState(node, { isOverdue: overdue, isQuiet }), isHeard: isKnown && !overdue };
}
