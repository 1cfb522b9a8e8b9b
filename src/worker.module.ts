import { randomUUID } from 'node:crypto';
import { Logger, Module, type DynamicModule } from '@nestjs/common';
import { createActivities } from '../activities/create-activities.js';
import { createDrainSetActivities } from '../activities/drain-set-activities.js';
import { createSilenceSweepActivities } from '../activities/silence-sweep-activities.js';
import type { Config } from '../contract/config/schema.js';
import { HeartbeatStore } from './heartbeats/heartbeat-store.js';
import { TokenStore } from './auth/token-store.js';
import { Clock, SteadyClock } from './mechanics/clock.js';
import { CONFIG } from './process/config.js';
import { DecidingDrainSetNodes } from './drains/drain-set-nodes.js';
import { DrainSetStore } from './drains/drain-set-store.js';
import { DatabaseProbe, TemporalProbe } from './process/server-probe.js';
import { MongoDrainSetStore } from './mongo/mongo-drain-set-store.js';
import { MongoHeartbeatEvidence } from './mongo/mongo-heartbeat-evidence.js';
import { MongoNodeHistories } from './mongo/mongo-node-histories.js';
import { MongoNodeProjectionStore } from './mongo/mongo-node-projection-store.js';
import { MongoSilentNodes } from './mongo/mongo-silent-nodes.js';
import { MongoSessionTerminator } from './mongo/mongo-session-terminator.js';
import { MongoModule } from './mongo/mongo.module.js';
import { AppliedDecisions } from './decisions/applied-decisions.js';
import { KeptAnswers } from './http/kept-answers.js';
import { DecisionService } from './decisions/decision.service.js';
import { EventStore } from './record/event-store.js';
import { LifecycleNotifier } from './lifecycle/lifecycle-notifier.js';
import { NodeReader } from './nodes/node-reader.js';
import { NodeStore } from './record/node-store.js';
import { UnusedSlots } from './reconciliation/unused-slots.js';
import { MassSilenceStore } from './silence/mass-silence-store.js';
import { MassSilenceWatch } from './silence/mass-silence-watch.js';
import { serverAddresses } from './process/server-addresses.js';
import { SessionStore } from './sessions/session-store.js';
import { TemporalActivityPulse } from './temporal/activity-pulse.js';
import { ClaimedTemporal } from './temporal/claimed-temporal.js';
import { DecisionReminder } from './reconciliation/decision-reminder.js';
import { HistoryCensus } from './reconciliation/history-census.js';
import { DrainSetReminder } from './reconciliation/drain-set-reminder.js';
import { DrainSetSignals } from './drains/drain-set-signals.js';
import { LeaseStore } from './mechanics/lease-store.js';
import { livenessPolicy } from './lifecycle/lifecycle-settings.js';
import { LifecycleSignals } from './lifecycle/lifecycle-signals.js';
import { LifecycleWorkflows } from './lifecycle/lifecycle-workflows.js';
import { Reconciler } from './reconciliation/reconciler.js';
import { Reconciliation } from './reconciliation/reconciliation.js';
import { ReconciliationStore } from './reconciliation/reconciliation-store.js';
import { SessionCensus } from './reconciliation/session-census.js';
import { StuckLifecycles } from './reconciliation/stuck-lifecycles.js';
import { TemporalModule } from './temporal/temporal.module.js';
import { TemporalSilenceSweeper } from './temporal/temporal-silence-sweeper.js';
import { cachedWorkflows } from './temporal/worker-sizing.js';
import { WorkflowCensus } from './reconciliation/workflow-census.js';
import { WorkflowWorker, type WorkflowBundle } from './temporal/workflow-worker.js';

/** The control plane's other process: runs workflows and activities, and makes up for signals that were lost. */
@Module({})
export class WorkerModule {
  /** @throws ConfigError where MongoDB's or Temporal's address is not set */
  static forRoot(config: Config, workflowBundle: WorkflowBundle): DynamicModule {
    const { MaxHeartbeatsPerSecond, MassSilence } = config.Orchestrator.NodeManager;
    const pacing = { intervalMs: config.Compute.Heartbeat.Interval, maxPerSecond: MaxHeartbeatsPerSecond };
    const verdicts = {
      policy: () => livenessPolicy(config),
      heartbeatIntervalMs: pacing.intervalMs,
      maxLivenessChecksPerSecond: config.Orchestrator.NodeManager.MaxLivenessChecksPerSecond,
    };
    return {
      module: WorkerModule,
      imports: [MongoModule.forRoot(serverAddresses(config).mongoUri, { sessionRetentionMs: config.Orchestrator.Sessions.Retention }), TemporalModule.forClient(config)],
      providers: [
        // A drain set decides about nodes as an administrator's request would.
        ...[{ provide: CONFIG, useValue: config }, NodeReader, LifecycleNotifier, AppliedDecisions, KeptAnswers, DecisionService, DecidingDrainSetNodes, TemporalActivityPulse],
        { provide: TemporalSilenceSweeper, useFactory: (client: ClaimedTemporal, nodes: NodeStore, stuck: StuckLifecycles) => new TemporalSilenceSweeper(client, nodes, stuck), inject: [ClaimedTemporal, NodeStore, StuckLifecycles] },
        {
          provide: MassSilenceWatch,
          useFactory: (store: MassSilenceStore, evidence: MongoHeartbeatEvidence, clock: Clock) =>
            new MassSilenceWatch(store, evidence, { share: MassSilence.Share, atLeast: MassSilence.AtLeast }, clock, new Logger(MassSilenceWatch.name)),
          inject: [MassSilenceStore, MongoHeartbeatEvidence, Clock],
        },
        {
          provide: WorkflowWorker,
          useFactory: (
            client: ClaimedTemporal,
            nodes: MongoNodeProjectionStore,
            histories: MongoNodeHistories,
            heartbeats: MongoHeartbeatEvidence,
            sessions: MongoSessionTerminator,
            drainSets: MongoDrainSetStore,
            drainSetNodes: DecidingDrainSetNodes,
            pulse: TemporalActivityPulse,
            silentNodes: MongoSilentNodes,
            sweeper: TemporalSilenceSweeper,
            massSilence: MassSilenceWatch,
          ) => {
            const activities = {
              ...createActivities({ nodes, histories, heartbeats, massSilence, sessions, ...verdicts }),
              ...createDrainSetActivities({ drainSets, drainSetNodes }),
              ...createSilenceSweepActivities({ silence: silentNodes.silence, watchForMassSilence: (timeoutMs) => massSilence.watch(timeoutMs), notice: (node) => sweeper.notice(node), pulse, policy: verdicts.policy, pacing }),
            };
            return new WorkflowWorker(client, activities, workflowBundle, cachedWorkflows(config.Orchestrator.Worker.MemoryMB));
          },
          inject: [ClaimedTemporal, MongoNodeProjectionStore, MongoNodeHistories, MongoHeartbeatEvidence, MongoSessionTerminator, MongoDrainSetStore, DecidingDrainSetNodes, TemporalActivityPulse, MongoSilentNodes, TemporalSilenceSweeper, MassSilenceWatch],
        },
        {
          provide: StuckLifecycles,
          useFactory: (signals: LifecycleSignals, workflows: LifecycleWorkflows, temporal: TemporalProbe) => new StuckLifecycles(signals, workflows, temporal, new SteadyClock(), new Logger(Reconciler.name)),
          inject: [LifecycleSignals, LifecycleWorkflows, TemporalProbe],
        },
        {
          provide: Reconciliation,
          useFactory: (
            record: ReconciliationStore,
            nodes: NodeStore,
            signals: LifecycleSignals,
            workflows: LifecycleWorkflows,
            stuck: StuckLifecycles,
            leases: LeaseStore,
            temporal: TemporalProbe,
            database: DatabaseProbe,
            sets: DrainSetStore,
            setSignals: DrainSetSignals,
            sweeper: TemporalSilenceSweeper,
            heartbeats: HeartbeatStore,
            sessions: SessionStore,
            events: EventStore,
            recordClock: Clock,
            tokens: TokenStore,
            decisions: DecisionService,
          ) => {
            // What the record says was written by the clocks of others; what is due here goes by how much time has passed.
            const clock = new SteadyClock();
            const parts = {
              reminder: new DecisionReminder(record, heartbeats, signals, workflows, stuck, clock),
              drainSets: new DrainSetReminder(sets, setSignals, clock),
              sweeper,
              census: new WorkflowCensus(record, nodes, signals, workflows, stuck, clock),
              histories: new HistoryCensus(record, nodes, signals, workflows),
              sessions: new SessionCensus(record, nodes, sessions, heartbeats, events, signals, stuck, clock, recordClock),
              slots: new UnusedSlots(tokens, nodes, decisions, recordClock, config.Orchestrator.NodeManager.UnusedSlotRetention),
            };
            return new Reconciliation(new Reconciler(parts, leases, temporal, clock, new Logger(Reconciler.name), randomUUID()), database);
          },
          inject: [ReconciliationStore, NodeStore, LifecycleSignals, LifecycleWorkflows, StuckLifecycles, LeaseStore, TemporalProbe, DatabaseProbe, DrainSetStore, DrainSetSignals, TemporalSilenceSweeper, HeartbeatStore, SessionStore, EventStore, Clock, TokenStore, DecisionService],
        },
      ],
    };
  }
}
