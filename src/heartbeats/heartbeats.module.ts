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

/** Agents' heartbeats and information: fast paths, judgement, buffering, and signals to workflows. */
@Module({
  imports: [AuthModule, ClusterModule, HttpModule, SessionsModule],
  providers: [
    HeartbeatService,
    HeartbeatAdmission,
    HeartbeatSignals,
    HeartbeatBuffer,
    { provide: ServiceLog, useFactory: () => new Logger(HeartbeatBuffer.name) },
    // Both in one module, so that they write concurrently when the api stops, even where MongoDB hangs.
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
