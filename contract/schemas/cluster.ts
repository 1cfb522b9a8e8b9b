import { z } from 'zod';
import { ATTENTIONS } from '../attention.js';
import { LIVENESSES } from '../states.js';
import { SIGNAL_REGIMES } from '../heartbeat-pace.js';
import { PHASES } from '../phase.js';
import { count, sum, timestamp } from './common.js';

export const massSilenceSchema = z
  .strictObject({
    since: timestamp.meta({ description: 'the first of them was last heard then' }),
    noticedAt: timestamp,
    silent: count.meta({ description: 'nodes of type Compute that have not been heard since, as of some seconds ago' }),
    mostSilent: count.meta({ description: 'so many were silent at the most' }),
    beating: count.meta({ description: 'nodes that beat when it began, or have since' }),
    endedAt: timestamp.nullable().meta({ description: 'null while it lasts' }),
    endedBy: z.string().nullable().meta({ description: 'system where most nodes came back, else who released it' }),
  })
  .meta({
    id: 'MassSilence',
    description:
      'So many nodes are silent together that the cause is likelier before the api than in them. Their status is told as it is; what cannot be undone is held: no session is given up as LOST, no node removed by RemoveAfter',
  });
export type MassSilence = z.infer<typeof massSilenceSchema>;

export const clusterSchema = z
  .strictObject({
    at: timestamp.meta({ description: 'when the nodes were counted: at most two seconds before they were asked for' }),
    nodes: z.strictObject({
      total: count.meta({ description: 'living nodes, api replicas (Requester) among them' }),
      byPhase: z.record(z.enum(PHASES), count),
      byLiveness: z.record(z.enum(LIVENESSES), count),
      stopped: z.partialRecord(z.enum(LIVENESSES), count).meta({
        description:
          'nodes of type Compute whose agents said goodbye, by what is recorded of them: of byLiveness so many are STOPPED; what is left out is none',
      }),
      overdue: count.meta({
        description:
          'nodes of type Compute that are recorded as HEALTHY and have been silent for longer than their timeout: nobody has judged them yet',
      }),
      warnings: count.meta({
        description: 'nodes of type Compute that are HEALTHY still and have missed heartbeats in a row',
      }),
    }),
    attention: z.record(z.enum(ATTENTIONS), count).meta({
      description:
        'how many nodes of type Compute need somebody, and for what: GET /v1/nodes?attention=… lists them. lost: ACTIVE or DRAINING, and UNHEALTHY or UNKNOWN, without a goodbye; overdue: as above; copied: more than one machine has its identity; lateDrain: it drains still, beyond its deadline; unapplied: a decision was not applied within 10 seconds; unfit: one of its checks says that it is; pending: it waits for approval',
    }),
    activeSessions: count,
    massSilence: massSilenceSchema.nullable().meta({ description: 'the one that lasts now; null where there is none' }),
    resources: z
      .strictObject({
        cpuCores: sum,
        cpuUsedCores: sum.meta({ description: 'cores times utilization' }),
        memoryTotalBytes: sum,
        memoryUsedBytes: sum,
        gpus: count,
      })
      .meta({ description: 'of HEALTHY nodes of type Compute, as each last reported' }),
    resourcesAt: timestamp.meta({
      description: 'when resources and warnings were added up: at most 15 seconds before they were asked for',
    }),
    heartbeats: z
      .strictObject({
        intervalMs: count.meta({ description: 'how often nodes are told to beat at present' }),
        configuredIntervalMs: count.meta({ description: 'Compute.Heartbeat.Interval' }),
        stretched: z.boolean().meta({
          description:
            'the present interval is longer than the configured one, since the fleet would beat more often than MaxHeartbeatsPerSecond; nodes may be silent as much longer before they are UNHEALTHY',
        }),
        expectedPerSecond: z.number().meta({ description: 'by the present interval' }),
        maxPerSecond: z.number().meta({ description: 'Orchestrator.NodeManager.MaxHeartbeatsPerSecond' }),
        signals: z.strictObject({
          regime: z.enum(SIGNAL_REGIMES).meta({
            description:
              'every: workflows hear of each heartbeat; changes: the fleet is too large for that, and they hear of those that change something',
          }),
          budgetPerSecond: z.number().meta({
            description: 'Orchestrator.NodeManager.MaxHeartbeatSignalsPerSecond, for all replicas of the api together',
          }),
          replicas: count.meta({ description: 'of the api, that share the budget' }),
        }),
      })
      .meta({ description: 'the pace of heartbeats, and what becomes of them' }),
    settings: z
      .strictObject({
        pollIntervalMs: count.meta({
          description: 'WebUI.PollInterval: how often the web page asks unless its reader chooses otherwise',
        }),
        heartbeatIntervalMs: count,
        disconnectTimeoutMs: count,
        missedHeartbeatsWarning: count,
        temporalWebUI: z.url().nullable(),
      })
      .meta({ description: 'what readers of these numbers need to know of the configuration' }),
  })
  .meta({ id: 'Cluster' });
export type Cluster = z.infer<typeof clusterSchema>;
