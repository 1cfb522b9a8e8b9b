import type { Cluster, MassSilence } from '../../client/types.gen.js';
import { ATTENTIONS, type Attention } from '../../contract/attention.js';
import { whyNotJudged, type ServerFindings } from '../../contract/catching-up.js';
import { formatDuration } from '../../contract/duration.js';
import { statusCounts } from '../../contract/health.js';
import { formatBytes, formatCount, formatUsage } from './quantity.js';
import { fieldLines } from './sections.js';

/** The cluster in a few lines: the number of nodes in each state, and their capacity. */
export function describeCluster(cluster: Cluster, servers?: ServerFindings): string {
  const notJudged = notJudgedLine(servers);
  const { nodes, resources, massSilence } = cluster;
  const lines = fieldLines([
    ['Nodes', String(nodes.total)],
    ['Phases', tally(nodes.byPhase)],
    ['Liveness', liveness(nodes)],
    ...(notJudged === undefined ? [] : ([['Not judged', notJudged]] as const)),
    ...(massSilence
      ? ([
          [
            'Mass silence',
            `${massSilence.silent} of ${massSilence.beating} nodes are silent, the first since ${massSilence.since}`,
          ],
        ] as const)
      : []),
    ['Attention', attention(cluster.attention)],
    ['Warnings', nodes.warnings === 0 ? 'none' : `${formatCount(nodes.warnings, 'node')} missing heartbeats`],
    ['Sessions', formatCount(cluster.activeSessions, 'active session')],
    ['CPU', formatCount(resources.cpuCores, 'core')],
    [
      'Memory',
      `${formatUsage({ usedBytes: resources.memoryUsedBytes, totalBytes: resources.memoryTotalBytes })} used, ${formatBytes(Math.max(0, resources.memoryTotalBytes - resources.memoryUsedBytes))} free`,
    ],
    ['GPUs', String(resources.gpus)],
    ['Heartbeats', pace(cluster.heartbeats)],
    ['Signals', signals(cluster.heartbeats)],
  ]);
  return `${lines.join('\n')}\n`;
}

/** `every 15s, about 67 a second`: the present interval, and why it differs from the configured one. */
function pace({
  intervalMs,
  configuredIntervalMs,
  stretched,
  expectedPerSecond,
  maxPerSecond,
}: Cluster['heartbeats']): string {
  const present = `every ${formatDuration(roughly(intervalMs))}, about ${rate(expectedPerSecond)} a second`;
  return stretched
    ? `${present} (stretched from ${formatDuration(configuredIntervalMs)}: the fleet may send ${rate(maxPerSecond)} a second)`
    : present;
}

const NEEDS: Record<Attention, string> = {
  lost: 'lost',
  overdue: 'overdue',
  copied: 'with a copied identity',
  lateDrain: 'draining beyond the deadline',
  unapplied: 'with a decision that is not applied',
  unfit: 'unfit, as a check says',
  pending: 'waiting for approval',
};

/** What needs attention, in the order in which it is looked at. Older apis do not report it. */
function attention(counts: Cluster['attention'] | undefined): string {
  if (counts === undefined) return 'not known';
  const needs = ATTENTIONS.filter((kind) => (counts[kind] ?? 0) > 0);
  return needs.length === 0 ? 'none' : needs.map((kind) => `${counts[kind]} ${NEEDS[kind]}`).join(', ');
}

/** Which heartbeats are forwarded to the workflows. */
function signals({ signals: { regime, budgetPerSecond, replicas } }: Cluster['heartbeats']): string {
  const budget = `budget ${rate(budgetPerSecond)} a second, shared by ${formatCount(replicas, 'api replica')}`;
  return `workflows hear of ${regime === 'every' ? 'every heartbeat' : 'heartbeats that change something only'} (${budget})`;
}

/** Minutes do not need milliseconds. */
function roughly(ms: number): number {
  return ms < 10_000 ? ms : Math.round(ms / 1_000) * 1_000;
}

function rate(perSecond: number): string {
  return String(perSecond < 10 ? Number(perSecond.toPrecision(2)) : Math.round(perSecond));
}

/** Overdue nodes are not counted as healthy, and nodes that said goodbye are STOPPED. Older apis report neither. */
function liveness({
  byLiveness,
  overdue,
  stopped = {},
}: Pick<Cluster['nodes'], 'byLiveness' | 'overdue'> & Partial<Cluster['nodes']>): string {
  const counted = tally(statusCounts({ byLiveness, overdue, stopped }));
  return overdue === 0 ? counted : `${counted}, ${overdue} silent and not judged`;
}

/** Since when nodes are not judged, and why. */
function notJudgedLine(servers: ServerFindings | undefined): string | undefined {
  const why = whyNotJudged(servers);
  return why && `${why.since === undefined ? '' : `since ${why.since}: `}${why.text}`;
}

/** `3 ACTIVE, 1 PENDING`: values without nodes are left out. */
function tally(counts: Readonly<Record<string, number>>): string {
  const present = Object.entries(counts).filter(([, count]) => count > 0);
  return present.map(([name, count]) => `${count} ${name}`).join(', ') || 'none';
}

/** Explains a mass silence to a reader who sees silent nodes, and what to do. */
export function massSilenceLine({ silent, beating, since }: Pick<MassSilence, 'silent' | 'beating' | 'since'>): string {
  return (
    `Mass silence: ${silent} of ${beating} nodes are silent, the first since ${since}. Sessions and nodes are kept. ` +
    'Look at the way between nodes and api (balancer, DNS, certificate); if the nodes are lost indeed: rollcall mass-silence release'
  );
}
