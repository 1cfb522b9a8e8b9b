import { randomUUID } from 'node:crypto';
import { Logger, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import type { Config } from '../contract/config/schema.js';
import { AgentReports } from './heartbeats/agent-reports.js';
import { CopiedIdentities } from './heartbeats/copied-identities.js';
import { FleetJoining } from './joining/fleet-joining.js';
import { HeartbeatBuffer } from './heartbeats/heartbeat-buffer.js';
import { HeartbeatPace } from './cluster/heartbeat-pace.js';
import { HeartbeatLane } from './heartbeats/heartbeat-lane.js';
import { HeartbeatRecording } from './heartbeats/heartbeat-recording.js';
import { HeartbeatStore } from './heartbeats/heartbeat-store.js';
import { HeartbeatService } from './heartbeats/heartbeat.service.js';
import { InfoLane } from './heartbeats/info-lane.js';
import { KnownNodes } from './heartbeats/known-nodes.js';
import { NestBypass } from './heartbeats/nest-bypass.js';
import { NodeQuotas } from './auth/node-quotas.js';
import { OvertakenHeartbeats } from './heartbeats/overtaken-heartbeats.js';
import { PulseStore } from './cluster/pulse-store.js';
import { RefusedTokens } from './joining/refused-tokens.js';
import { RegistrationService } from './joining/registration.service.js';
import { SlotJoining } from './joining/slot-joining.js';
import { TokenJoining } from './joining/token-joining.js';
import { API_CONTROLLERS } from './api.controllers.js';
import { AccessGuard } from './auth/access.guard.js';
import { AccessTokenIssuer } from './joining/access-token-issuer.js';
import { AccessTokens } from './auth/access-tokens.js';
import { Admission } from './auth/admission.js';
import { AdministratorAuthenticator } from './auth/administrator-authenticator.js';
import { AgentAuthenticator } from './auth/agent-authenticator.js';
import { ApiTokens } from './auth/api-tokens.js';
import { AssertionReplays } from './joining/assertion-replays.js';
import { BearerAuthenticator } from './auth/bearer-authenticator.js';
import { BootstrapTokens } from './nodes/bootstrap-tokens.js';
import { FailedAuthentications } from './auth/failed-authentications.js';
import { JoinTokens } from './joining/join-tokens.js';
import { LifetimeInterceptor } from './auth/lifetime.interceptor.js';
import { Logins } from './auth/logins.js';
import { OpenRequests } from './auth/open-requests.js';
import { RequestLimits } from './auth/request-limits.js';
import { OidcAuthenticator } from './auth/oidc-authenticator.js';
import { OidcIssuer } from './auth/oidc-issuer.js';
import { SigningKey } from './auth/signing-key.js';
import { TokenFiles } from './auth/token-files.js';
import { Clock } from './mechanics/clock.js';
import { ClusterReader } from './cluster/cluster-reader.js';
import { CountedNodes } from './cluster/counted-nodes.js';
import { CONFIG } from './process/config.js';
import { DrainSets } from './drains/drain-sets.js';
import { AuditLog } from './events/audit-log.js';
import { EventStream } from './events/event-stream.js';
import { Metrics } from './health/metrics.js';
import { RequestMetrics } from './http/request-metrics.js';
import { ReadinessCheck } from './health/readiness-check.js';
import { HeartbeatHistory } from './history/heartbeat-history.js';
import { HistoryReader } from './history/history-reader.js';
import { DateHeader } from './http/date-header.js';
import { IdempotencyInterceptor } from './http/idempotency.interceptor.js';
import { KeptAnswers } from './http/kept-answers.js';
import { AppliedDecisions } from './decisions/applied-decisions.js';
import { DecisionService } from './decisions/decision.service.js';
import { LifecycleNotifier } from './lifecycle/lifecycle-notifier.js';
import { NodeEventReader } from './nodes/node-event-reader.js';
import { NodeReader } from './nodes/node-reader.js';
import { NodeSlots } from './nodes/node-slots.js';
import { RequesterNode } from './requester/requester-node.js';
import { RequesterPresence } from './requester/requester-presence.js';
import { AbandonedSessions } from './sessions/abandoned-sessions.js';
import { CandidateCache } from './sessions/placement/candidate-cache.js';
import { SessionPlacement } from './sessions/placement/session-placement.js';
import { SessionCacheReader } from './sessions/session-cache-reader.js';
import { SessionCommands } from './sessions/session-commands.js';
import { SessionNews } from './sessions/session-news.js';
import { SessionOpening } from './sessions/session-opening.js';
import { SessionReader } from './sessions/session-reader.js';
import { SessionReports } from './sessions/session-reports.js';
import { SessionTermination } from './sessions/session-termination.js';
import { MassSilences } from './silence/mass-silences.js';

const http: Provider[] = [
  KeptAnswers,
  { provide: APP_GUARD, useClass: AccessGuard },
  { provide: APP_INTERCEPTOR, useClass: LifetimeInterceptor },
  { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
];
const auth: Provider[] = [
  Admission,
  AdministratorAuthenticator,
  BearerAuthenticator,
  OidcAuthenticator,
  OidcIssuer,
  Logins,
  AgentAuthenticator,
  FailedAuthentications,
  OpenRequests,
  RequestLimits,
  AccessTokens,
  AccessTokenIssuer,
  AssertionReplays,
  SigningKey,
  ApiTokens,
  JoinTokens,
  BootstrapTokens,
  TokenFiles,
];
const nodes: Provider[] = [NodeReader, NodeSlots, NodeEventReader, DecisionService, LifecycleNotifier, AppliedDecisions, RequesterNode, RequesterPresence];
const agents: Provider[] = [
  RegistrationService,
  SlotJoining,
  FleetJoining,
  TokenJoining,
  HeartbeatService,
  HeartbeatPace,
  CopiedIdentities,
  NodeQuotas,
  RefusedTokens,
  AgentReports,
  HeartbeatRecording,
  NestBypass,
  HeartbeatLane,
  InfoLane,
  KnownNodes,
  OvertakenHeartbeats,
  HeartbeatHistory,
  HistoryReader,
  {
    provide: HeartbeatBuffer,
    useFactory: (heartbeats: HeartbeatStore, pulses: PulseStore, clock: Clock) =>
      new HeartbeatBuffer(heartbeats, pulses, clock, new Logger(HeartbeatBuffer.name), randomUUID()),
    inject: [HeartbeatStore, PulseStore, Clock],
  },
];
const sessions: Provider[] = [
  AbandonedSessions,
  CandidateCache,
  SessionCacheReader,
  SessionCommands,
  SessionNews,
  SessionOpening,
  SessionPlacement,
  SessionReader,
  SessionReports,
  SessionTermination,
];
const others: Provider[] = [ClusterReader, CountedNodes, MassSilences, DrainSets, AuditLog, EventStream, ReadinessCheck, Metrics, RequestMetrics, DateHeader];

/** The control plane's HTTP side. The stores' and Temporal's adapters are modules of their own. */
@Module({})
export class ApiModule {
  /** @param adapters modules that provide the ports: MongoDB's and Temporal's, or fakes */
  static forRoot(config: Config, adapters: DynamicModule[]): DynamicModule {
    return {
      module: ApiModule,
      imports: adapters,
      controllers: API_CONTROLLERS,
      providers: [{ provide: CONFIG, useValue: config }, ...http, ...auth, ...nodes, ...agents, ...sessions, ...others],
    };
  }
}
