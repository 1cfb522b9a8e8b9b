import { RaisedAlertsModule } from './alerts/raised-alerts.module.js';
import { ApprovalModule } from './approval/approval.module.js';
import { AuthModule } from './auth/auth.module.js';
import { ClusterModule } from './cluster/cluster.module.js';
import { DecisionsModule } from './decisions/decisions.module.js';
import { OwnAvailabilityModule } from './decisions/own-availability.module.js';
import { DrainsModule } from './drains/drains.module.js';
import { EventsModule } from './events/events.module.js';
import { FleetModule } from './fleet/fleet.module.js';
import { HealthModule } from './health/health.module.js';
import { HeartbeatsModule } from './heartbeats/heartbeats.module.js';
import { HistoryModule } from './history/history.module.js';
import { HttpModule } from './http/http.module.js';
import { KeptAnswersModule } from './http/kept-answers.module.js';
import { InstallationModule } from './installation/installation.module.js';
import { JoiningModule } from './joining/joining.module.js';
import { WindowsModule } from './maintenance/windows.module.js';
import { NodesModule } from './nodes/nodes.module.js';
import { QuarantineWatchModule } from './quarantine/quarantine-watch.module.js';
import { RequesterModule } from './requester/requester.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { SilenceModule } from './silence/silence.module.js';
import { SupportModule } from './support/support.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';
import { CodecModule } from './temporal/codec.module.js';

/** What the api consists of. */
export const API_FEATURES = [
  HttpModule,
  KeptAnswersModule,
  AuthModule,
  InstallationModule,
  NodesModule,
  DecisionsModule,
  OwnAvailabilityModule,
  ApprovalModule,
  JoiningModule,
  HeartbeatsModule,
  HistoryModule,
  SessionsModule,
  DrainsModule,
  WindowsModule,
  ClusterModule,
  FleetModule,
  SilenceModule,
  EventsModule,
  QuarantineWatchModule,
  RequesterModule,
  HealthModule,
  SupportModule,
  RaisedAlertsModule,
  WebhooksModule,
  CodecModule,
];
