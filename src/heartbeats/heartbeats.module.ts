import { Logger, Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ClusterModule } from '../cluster/cluster.module.js';
import { HeartbeatHistory } from '../history/heartbeat-history.js';
import { HttpModule } from '../http/http.module.js';
import { ServiceLog } from '../process/service-log.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { AgentReports } from './agent-reports.js';
import { CopiedIdentities } from './copied-identities.js';
import { HeartbeatAdmission } from './heartbeat-admission.js';
import { HeartbeatBuffer } from './heartbeat-buffer.js';
import { HeartbeatFastPath } from './heartbeat-fast-path.js';
import { HeartbeatRecording } from './heartbeat-recording.js';
import { HeartbeatSignals } from './heartbeat-signals.js';
import { HeartbeatService } from './heartbeat.service.js';
import { InfoFastPath } from './info-fast-path.js';
import { KnownNodes } from './known-nodes.js';
import { ReportedConditions } from './reported-conditions.js';
import { NestBypass } from './nest-bypass.js';
import { SupersededHeartbeats } from './superseded-heartbeats.js';

/** What agents say of their nodes: taken past Nest where it can be, judged, kept until it is written, and told to workflows. */
@Module({
  imports: [AuthModule, ClusterModule, HttpModule, SessionsModule],
  providers: [
    HeartbeatService,
    HeartbeatAdmission,
    HeartbeatSignals,
    HeartbeatBuffer,
    { provide: ServiceLog, useFactory: () => new Logger(HeartbeatBuffer.name) },
    // These two in one module, so that they write at the same time when the api stops: MongoDB may hang.
    HeartbeatRecording,
    HeartbeatHistory,
    SupersededHeartbeats,
    CopiedIdentities,
    ReportedConditions,
    KnownNodes,
    NestBypass,
    HeartbeatFastPath,
    InfoFastPath,
    AgentReports,
  ],
  exports: [AgentReports, HeartbeatBuffer, HeartbeatService],
})
export class HeartbeatsModule {}
