import type { MetricRegistry } from './metric-registry.js';

/** The part of `/readyz` that metrics report. */
interface Readiness {
  ready: boolean;
  mongodb: { ok: boolean };
  temporal: { ok: boolean };
}

/** Reports readiness as metrics. @param ask must not reject, and must be quick */
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
