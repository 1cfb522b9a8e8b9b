import { ApprovalRulesController } from './approval/approval-rules.controller.js';
import { AlertsController } from './alerts/alerts.controller.js';
import { HeartbeatsController } from './heartbeats/heartbeats.controller.js';
import { JoiningController } from './joining/joining.controller.js';
import { MaintenanceController } from './maintenance/maintenance.controller.js';
import { MaintenanceWindowsController } from './maintenance/maintenance-windows.controller.js';
import { ApiTokensController } from './auth/api-tokens.controller.js';
import { JoinTokensController } from './joining/join-tokens.controller.js';
import { LoginController } from './auth/login.controller.js';
import { DeviceLoginController } from './auth/people/device-login.controller.js';
import { ProviderLoginController } from './auth/people/provider-login.controller.js';
import { ClusterController } from './cluster/cluster.controller.js';
import { AgentUpdatesController } from './drains/agent-updates.controller.js';
import { DrainSetsController } from './drains/drain-sets.controller.js';
import { AuditController } from './events/audit.controller.js';
import { EventsController } from './events/events.controller.js';
import { FleetController } from './fleet/fleet.controller.js';
import { HealthController } from './health/health.controller.js';
import { NodeHistoryController } from './history/node-history.controller.js';
import { DECISION_CONTROLLERS } from './decisions/decisions.controller.js';
import { OwnAvailabilityController } from './decisions/own-availability.controller.js';
import { NodeEventsController } from './nodes/node-events.controller.js';
import { NodesController } from './nodes/nodes.controller.js';
import { PrometheusTargetsController } from './nodes/prometheus-targets.controller.js';
import { AgentSessionsController } from './sessions/agent-sessions.controller.js';
import { NodeSessionsController } from './sessions/node-sessions.controller.js';
import { VersionsController } from './support/versions.controller.js';
import { SupportController } from './support/support.controller.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { InstallationController } from './installation/installation.controller.js';
import { MassSilenceController } from './silence/mass-silence.controller.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';
import { CodecController } from './temporal/codec.controller.js';

/** Every address that the api serves. */
export const API_CONTROLLERS = [
  NodesController,
  ...DECISION_CONTROLLERS,
  NodeEventsController,
  NodeHistoryController,
  PrometheusTargetsController,
  NodeSessionsController,
  DrainSetsController,
  AgentUpdatesController,
  ClusterController,
  FleetController,
  MassSilenceController,
  EventsController,
  AuditController,
  JoinTokensController,
  ApiTokensController,
  LoginController,
  ProviderLoginController,
  DeviceLoginController,
  ApprovalRulesController,
  JoiningController,
  HeartbeatsController,
  OwnAvailabilityController,
  AgentSessionsController,
  SessionsController,
  InstallationController,
  HealthController,
  SupportController,
  VersionsController,
  AlertsController,
  MaintenanceController,
  MaintenanceWindowsController,
  WebhooksController,
  CodecController,
];
