import type { MetricRegistry } from './metric-registry.js';

/** What `/readyz` answers, as far as metrics tell it. */
interface Readiness {
  ready: boolean;
  mongodb: { ok: boolean };
  temporal: { ok: boolean };
}

/** Metrics tell what `/readyz` tells. @param ask must not reject, and answers in time */
export function measureReadiness(metrics: MetricRegistry, ask: () => Promise<Readiness>): void {
  const ready = metrics.gauge(
    'rollcall_ready',
    'Whether this process does its work: an api records heartbeats, a worker takes tasks',
  );
  const servers = metrics.gauge('rollcall_server_up', 'Whether a server behind this process answers', {
    labels: ['server'],
  });
  metrics.beforeScrape(async () => {
    const { ready: isReady, mongodb, temporal } = await ask();
    ready.set(Number(isReady));
    servers.set({ server: 'mongodb' }, Number(mongodb.ok));
    servers.set({ server: 'temporal' }, Number(temporal.ok));
  });
}
