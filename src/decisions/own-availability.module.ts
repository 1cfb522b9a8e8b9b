import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { DecisionsModule } from './decisions.module.js';
import { NodesOwnDecisions } from './nodes-own-decisions.js';

/** Nodes' decisions about themselves. In the api only, where callers are authenticated. */
@Module({
  imports: [AuthModule, DecisionsModule],
  providers: [NodesOwnDecisions],
  exports: [NodesOwnDecisions],
})
export class OwnAvailabilityModule {}
