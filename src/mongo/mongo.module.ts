import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { getConnectionToken, MongooseModule } from '@nestjs/mongoose';
import mongoose, { type Connection } from 'mongoose';
import { HeartbeatStore } from '../heartbeats/heartbeat-store.js';
import { CallerFeed } from '../auth/caller-feed.js';
import { PulseStore } from '../cluster/pulse-store.js';
import { StandingStore } from '../heartbeats/standing-store.js';
import { ApiTokenStore } from '../auth/api-token-store.js';
import { LoginStore } from '../auth/login-store.js';
import { DeviceLoginStore } from '../auth/people/device-login-store.js';
import { SigningKeyStore } from '../auth/signing-key-store.js';
import { TokenStore } from '../auth/token-store.js';
import { Clock } from '../mechanics/clock.js';
import { ClusterIdentity } from '../cluster/cluster-identity.js';
import { ClusterStore } from '../cluster/cluster-store.js';
import { FleetSize } from '../cluster/fleet-size.js';
import { DrainSetStore } from '../drains/drain-set-store.js';
import { EventFeed } from '../events/event-feed.js';
import { DatabaseProbe } from '../process/server-probe.js';
import { HistoryStore } from '../history/history-store.js';
import { AnswerRetention, IdempotencyStore } from '../http/idempotency-store.js';
import { EventStore } from '../record/event-store.js';
import { LiveSessions } from '../record/live-sessions.js';
import { NodeStore } from '../record/node-store.js';
import { WindowStore } from '../record/window-store.js';
import { ApprovalRuleStore } from '../approval/approval-rule-store.js';
import { UnitOfWork } from '../record/unit-of-work.js';
import { CandidateStore } from '../sessions/placement/candidate.js';
import { SessionFeed } from '../sessions/session-feed.js';
import type { Config } from '../../contract/config/schema.js';
import { SessionRetention, SessionStore } from '../sessions/session-store.js';
import { MaintenanceStore } from '../maintenance/maintenance-store.js';
import { MassSilenceStore } from '../silence/mass-silence-store.js';
import { Blindness } from '../silence/mass-silence-watch.js';
import { FleetStore } from '../fleet/fleet-store.js';
import { LeaseStore } from '../mechanics/lease-store.js';
import { WebhookStore } from '../webhooks/webhook-store.js';
import { AlertStore } from '../alerts/alert-store.js';
import { QuarantineStore } from '../quarantine/quarantine-store.js';
import { RetentionStore } from '../retention/retention-store.js';
import { ReconciliationStore } from '../reconciliation/reconciliation-store.js';
import { HeartbeatOrder } from './heartbeat-order.js';
import { Migrations } from './migrations.js';
import { MongoApiTokenStore } from './mongo-api-token-store.js';
import { MongoCandidateStore } from './mongo-candidate-store.js';
import { MongoClusterIdentity } from './mongo-cluster-identity.js';
import { MongoClusterStore } from './mongo-cluster-store.js';
import { MongoConnector } from './mongo-connector.js';
import { MongoDeviceLoginStore } from './mongo-device-login-store.js';
import { MongoDrainSetStore } from './mongo-drain-set-store.js';
import { MongoFleetStore } from './mongo-fleet-store.js';
import { MongoEventFeed } from './mongo-event-feed.js';
import { MongoEventStore } from './mongo-event-store.js';
import { HeartbeatInterval, MongoHeartbeatEvidence } from './mongo-heartbeat-evidence.js';
import { MongoSilentNodes } from './mongo-silent-nodes.js';
import { MongoHeartbeatStore } from './mongo-heartbeat-store.js';
import { MongoHistoryStore } from './mongo-history-store.js';
import { MongoIdempotencyStore } from './mongo-idempotency-store.js';
import { MongoLeaseStore } from './mongo-lease-store.js';
import { MongoMaintenanceStore } from './mongo-maintenance-store.js';
import { MongoMassSilenceStore } from './mongo-mass-silence-store.js';
import { MongoLoginStore } from './mongo-login-store.js';
import { MongoCallerFeed } from './mongo-caller-feed.js';
import { MongoNodeHistories } from './mongo-node-histories.js';
import { MongoNodeProjectionStore } from './mongo-node-projection-store.js';
import { MongoNodeStore } from './mongo-node-store.js';
import { MongoPulseStore } from './mongo-pulse-store.js';
import { MongoRetentionStore } from './mongo-retention-store.js';
import { MongoQuarantineStore } from './mongo-quarantine-store.js';
import { MongoReconciliationStore } from './mongo-reconciliation-store.js';
import { MongoSessionFeed } from './mongo-session-feed.js';
import { MongoSessionStore } from './mongo-session-store.js';
import { MongoSessionTerminator } from './mongo-session-terminator.js';
import { MongoSigningKeyStore } from './mongo-signing-key-store.js';
import { MongoStandingStore } from './mongo-standing-store.js';
import { MongoTokenStore } from './mongo-token-store.js';
import { MongoUnitOfWork } from './mongo-unit-of-work.js';
import { MongoUri } from './mongo-uri.js';
import { MongoWebhookStore } from './mongo-webhook-store.js';
import { MongoApprovalRuleStore } from './mongo-approval-rule-store.js';
import { MongoWindowStore } from './mongo-window-store.js';
import { MongoAlertStore } from './mongo-alert-store.js';
import { MongoAlertSubjects } from './mongo-alert-subjects.js';
import { AlertSubjects } from '../alerts/alert-subjects.js';
import { NodePager } from './node-pager.js';
import { ProjectionFence } from './projection-fence.js';
import { RecordClock } from './record-clock.js';
import { RecordSchema } from './record-schema.js';
import { SessionReportTaker } from './session-report-taker.js';
import { ALERTS_RAISED, alertDocumentSchema } from './schemas/alert.schema.js';
import { API_TOKENS, apiTokenDocumentSchema } from './schemas/api-token.schema.js';
import { KNOWN_SINKS, auditSinkDocumentSchema } from './schemas/audit-sink.schema.js';
import { BLIND_SPOTS, blindSpotDocumentSchema } from './schemas/blind-spot.schema.js';
import { CLUSTER, clusterDocumentSchema } from './schemas/cluster.schema.js';
import { DELIVERIES, deliveryDocumentSchema } from './schemas/delivery.schema.js';
import { DEVICE_LOGINS, deviceLoginDocumentSchema } from './schemas/device-login.schema.js';
import { DRAIN_SETS, drainSetDocumentSchema } from './schemas/drain-set.schema.js';
import { EVENTS, eventDocumentSchema } from './schemas/event.schema.js';
import { FLEET_HISTORY, fleetHistoryDocumentSchema } from './schemas/fleet-history.schema.js';
import { HEARTBEATS, heartbeatDocumentSchema } from './schemas/heartbeat.schema.js';
import {
  BEAT_HISTORY,
  beatHistoryDocumentSchema,
  MINUTE_HISTORY,
  minuteHistoryDocumentSchema,
} from './schemas/history.schema.js';
import { IDEMPOTENCY_KEYS, idempotencyKeyDocumentSchema } from './schemas/idempotency-key.schema.js';
import { LEASES, leaseDocumentSchema } from './schemas/lease.schema.js';
import { LOGINS, loginDocumentSchema } from './schemas/login.schema.js';
import { APPROVAL_RULES, approvalRuleDocumentSchema } from './schemas/approval-rule.schema.js';
import { MAINTENANCE_WINDOWS, maintenanceWindowDocumentSchema } from './schemas/maintenance-window.schema.js';
import { MASS_SILENCES, massSilenceDocumentSchema } from './schemas/mass-silence.schema.js';
import { NODES, nodeDocumentSchema } from './schemas/node.schema.js';
import { PULSES, pulseDocumentSchema } from './schemas/pulse.schema.js';
import { SESSION_REPORTS, sessionReportDocumentSchema } from './schemas/session-report.schema.js';
import { SESSIONS, sessionDocumentSchema } from './schemas/session.schema.js';
import { SIGNING_KEYS, signingKeyDocumentSchema } from './schemas/signing-key.schema.js';
import { TOKENS, tokenDocumentSchema } from './schemas/token.schema.js';
import { WEBHOOKS, webhookDocumentSchema } from './schemas/webhook.schema.js';

// Required by MongoUnitOfWork: models find the session of their transaction by themselves.
mongoose.set('transactionAsyncLocalStorage', true);

const models = MongooseModule.forFeature([
  { name: CLUSTER, schema: clusterDocumentSchema },
  { name: NODES, schema: nodeDocumentSchema },
  { name: HEARTBEATS, schema: heartbeatDocumentSchema },
  { name: BEAT_HISTORY, schema: beatHistoryDocumentSchema },
  { name: MINUTE_HISTORY, schema: minuteHistoryDocumentSchema },
  { name: FLEET_HISTORY, schema: fleetHistoryDocumentSchema },
  { name: EVENTS, schema: eventDocumentSchema },
  { name: TOKENS, schema: tokenDocumentSchema },
  { name: API_TOKENS, schema: apiTokenDocumentSchema },
  { name: LOGINS, schema: loginDocumentSchema },
  { name: DEVICE_LOGINS, schema: deviceLoginDocumentSchema },
  { name: SIGNING_KEYS, schema: signingKeyDocumentSchema },
  { name: SESSIONS, schema: sessionDocumentSchema },
  { name: SESSION_REPORTS, schema: sessionReportDocumentSchema },
  { name: DRAIN_SETS, schema: drainSetDocumentSchema },
  { name: APPROVAL_RULES, schema: approvalRuleDocumentSchema },
  { name: MAINTENANCE_WINDOWS, schema: maintenanceWindowDocumentSchema },
  { name: WEBHOOKS, schema: webhookDocumentSchema },
  { name: DELIVERIES, schema: deliveryDocumentSchema },
  { name: ALERTS_RAISED, schema: alertDocumentSchema },
  { name: LEASES, schema: leaseDocumentSchema },
  { name: MASS_SILENCES, schema: massSilenceDocumentSchema },
  { name: PULSES, schema: pulseDocumentSchema },
  { name: BLIND_SPOTS, schema: blindSpotDocumentSchema },
  { name: KNOWN_SINKS, schema: auditSinkDocumentSchema },
  { name: IDEMPOTENCY_KEYS, schema: idempotencyKeyDocumentSchema },
]);

const adapters: Provider[] = [
  NodePager,
  HeartbeatOrder,
  RecordClock,
  { provide: Clock, useExisting: RecordClock },
  { provide: UnitOfWork, useClass: MongoUnitOfWork },
  { provide: NodeStore, useClass: MongoNodeStore },
  { provide: EventStore, useClass: MongoEventStore },
  { provide: EventFeed, useClass: MongoEventFeed },
  { provide: ClusterIdentity, useClass: MongoClusterIdentity },
  { provide: ClusterStore, useClass: MongoClusterStore },
  { provide: TokenStore, useClass: MongoTokenStore },
  { provide: ApiTokenStore, useClass: MongoApiTokenStore },
  { provide: LoginStore, useClass: MongoLoginStore },
  { provide: DeviceLoginStore, useClass: MongoDeviceLoginStore },
  { provide: SigningKeyStore, useClass: MongoSigningKeyStore },
  { provide: HeartbeatStore, useClass: MongoHeartbeatStore },
  { provide: HistoryStore, useClass: MongoHistoryStore },
  { provide: FleetStore, useClass: MongoFleetStore },
  { provide: PulseStore, useClass: MongoPulseStore },
  FleetSize,
  { provide: CallerFeed, useClass: MongoCallerFeed },
  { provide: StandingStore, useClass: MongoStandingStore },
  SessionReportTaker,
  { provide: SessionStore, useClass: MongoSessionStore },
  { provide: LiveSessions, useExisting: SessionStore },
  { provide: CandidateStore, useClass: MongoCandidateStore },
  { provide: SessionFeed, useClass: MongoSessionFeed },
  { provide: DrainSetStore, useExisting: MongoDrainSetStore },
  { provide: ApprovalRuleStore, useClass: MongoApprovalRuleStore },
  { provide: WindowStore, useClass: MongoWindowStore },
  { provide: WebhookStore, useClass: MongoWebhookStore },
  { provide: AlertStore, useClass: MongoAlertStore },
  { provide: MaintenanceStore, useClass: MongoMaintenanceStore },
  { provide: AlertSubjects, useClass: MongoAlertSubjects },
  { provide: MassSilenceStore, useClass: MongoMassSilenceStore },
  { provide: IdempotencyStore, useClass: MongoIdempotencyStore },
  { provide: LeaseStore, useClass: MongoLeaseStore },
  { provide: ReconciliationStore, useClass: MongoReconciliationStore },
  { provide: QuarantineStore, useClass: MongoQuarantineStore },
  { provide: RetentionStore, useClass: MongoRetentionStore },
  { provide: DatabaseProbe, useExisting: MongoConnector },
  // The activities' ports are interfaces, so these are injected by their own classes.
  MongoSessionTerminator,
  MongoDrainSetStore,
  ProjectionFence,
  MongoNodeHistories,
  MongoNodeProjectionStore,
  MongoHeartbeatEvidence,
  { provide: Blindness, useExisting: MongoHeartbeatEvidence },
  MongoSilentNodes,
];

/** The connection in a module of its own, since the models' module imports it. */
@Global()
@Module({})
class MongoConnectionModule {
  static forRoot(uri: MongoUri): DynamicModule {
    return {
      module: MongoConnectionModule,
      providers: [
        { provide: getConnectionToken(), useFactory: unopened },
        { provide: MongoUri, useValue: uri },
      ],
      exports: [getConnectionToken(), MongoUri],
    };
  }
}

/**
 * A connection without an address: MongoConnector opens it, and reopens it, when the record allows. Operations before that fail at once:
 * queueing them would delay requests and the shutdown.
 */
function unopened(): Connection {
  const connection = mongoose.createConnection();
  Object.assign(connection.config, { bufferCommands: false });
  return connection;
}

/** Binds every store's port to its MongoDB adapter. Nothing outside this folder uses mongoose. */
@Global()
@Module({})
export class MongoModule {
  /** @throws ConfigError where the URI or a file for TLS cannot be used */
  static forRoot(uri: string, { Compute, Orchestrator }: Config): DynamicModule {
    return {
      module: MongoModule,
      imports: [MongoConnectionModule.forRoot(new MongoUri(uri, Orchestrator.MongoDB.TLS)), models],
      providers: [
        ...adapters,
        { provide: Migrations, useValue: new Migrations() },
        RecordSchema,
        MongoConnector,
        { provide: SessionRetention, useValue: new SessionRetention(Orchestrator.Sessions.Retention) },
        { provide: AnswerRetention, useValue: new AnswerRetention(Orchestrator.Retention.IdempotencyKeys) },
        { provide: HeartbeatInterval, useValue: new HeartbeatInterval(Compute.Heartbeat.Interval) },
      ],
      exports: [...adapters],
    };
  }
}
