import { isoTime } from '../../contract/iso-time.js';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { parseDuration } from '../../contract/duration.js';
import { FLEET_STATES } from '../../contract/fleet-state.js';
import { FLEET_HISTORY_WINDOWS } from '../../contract/history.js';
import type { FleetHistory, fleetHistoryQuerySchema } from '../../contract/schemas/fleet.js';
import { Clock } from '../mechanics/clock.js';
import { FleetStore, type FleetPoint } from './fleet-store.js';

/** Number of nodes in each state over time, for plots. */
@Injectable()
export class FleetHistoryReader {
  constructor(
    private readonly store: FleetStore,
    private readonly clock: Clock,
  ) {}

  async read({ window, resolution }: z.output<typeof fleetHistoryQuerySchema>): Promise<FleetHistory> {
    const { lengthMs, resolutionMs: usualMs } = FLEET_HISTORY_WINDOWS[window];
    const resolutionMs = (resolution === undefined ? undefined : parseDuration(resolution)) ?? usualMs;
    const to = this.clock.now();
    const from = to - lengthMs;
    const points = worstOfEach(await this.store.points(from), resolutionMs);
    return {
      window,
      from: isoTime(from),
      to: isoTime(to),
      resolutionMs,
      points: points.map(({ at, states }) => ({ at: isoTime(at), states })),
    };
  }
}

/**
 * Reduces the points within each stretch of `resolutionMs` to the one in which most nodes were not healthy: a mean would hide short outages. Stretches are
 * counted from 1970, so that they stay the same when polled. Expects the earliest point first.
 */
export function worstOfEach(points: readonly FleetPoint[], resolutionMs: number): FleetPoint[] {
  const worst = new Map<number, FleetPoint>();
  for (const point of points) {
    const stretch = Math.floor(point.at / resolutionMs);
    const known = worst.get(stretch);
    if (known === undefined || notHealthy(point) > notHealthy(known)) worst.set(stretch, point);
  }
  return [...worst.values()];
}

function notHealthy({ states }: FleetPoint): number {
  return FLEET_STATES.reduce((sum, state) => (state === 'healthy' ? sum : sum + (states[state] ?? 0)), 0);
}
