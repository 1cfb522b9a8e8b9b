import { Injectable } from '@nestjs/common';
import { inTime } from '../mechanics/in-time.js';
import { MetricRegistry } from '../process/metric-registry.js';
import { QuarantineStore } from './quarantine-store.js';

/** Less than Prometheus waits by default, in milliseconds. */
const COUNTED_WITHIN_MS = 5_000;

/** How many nodes checks have taken out, and how many more they would. Each replica of the api tells the same. */
@Injectable()
export class QuarantineMetrics {
  constructor(store: QuarantineStore, metrics: MetricRegistry) {
    const out = metrics.gauge(
      'rollcall_nodes_quarantined',
      'Nodes that checks have taken out, or keep new sessions from',
    );
    const heldBack = metrics.gauge(
      'rollcall_nodes_held_back',
      'Nodes that a check would take out, and whose budget is used up',
    );
    metrics.beforeScrape(async () => {
      try {
        const counts = Promise.all([store.countOut({}), store.countHeldBack()]);
        const [outNow, heldBackNow] = await inTime(counts, COUNTED_WITHIN_MS, 'late');
        out.set(outNow);
        heldBack.set(heldBackNow);
      } catch {
        for (const gauge of [out, heldBack]) gauge.remove();
      }
    });
  }
}
