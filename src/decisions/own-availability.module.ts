import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { DecisionsModule } from './decisions.module.js';
import { NodesOwnDecisions } from './nodes-own-decisions.js';

/** What nodes decide about themselves: of the api alone, since who calls is asked there. */
@Module({
  imports: [AuthModule, DecisionsModule],
  providers: [NodesOwnDecisions],
  exports: [NodesOwnDecisions],
})
export class OwnAvailabilityModule {}
