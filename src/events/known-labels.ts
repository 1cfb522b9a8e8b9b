import { Inject, Injectable } from '@nestjs/common';
import type { EpochMs } from '../../contract/states.js';
import { BoundedCache } from '../mechanics/bounded-cache.js';
import { SteadyClock, type Clock } from '../mechanics/clock.js';
import { NodeStore } from '../record/node-store.js';

const MOST_NODES = 20_000;
/** How long labels are cached, in milliseconds, and so the maximum delay of a change. */
const GOOD_FOR_MS = 5_000;

/** Labels of nodes with events, cached so that the readers of an event share one read. */
@Injectable()
export class KnownLabels {
  private readonly known = new BoundedCache<string, { until: EpochMs; labels: Promise<Record<string, string>> }>(
    MOST_NODES,
  );

  constructor(
    private readonly nodes: NodeStore,
    @Inject(SteadyClock) private readonly clock: Clock,
  ) {}

  of(uid: string): Promise<Record<string, string>> {
    const now = this.clock.now();
    const known = this.known.get(uid);
    if (known && now < known.until) return known.labels;
    const labels = this.nodes.findByUid(uid).then((node) => node?.labels ?? {});
    this.known.set(uid, { until: now + GOOD_FOR_MS, labels });
    labels.catch(() => this.known.delete(uid));
    return labels;
  }
}
