import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { KeptAnswersModule } from '../http/kept-answers.module.js';
import { AbandonedSessions } from './abandoned-sessions.js';
import { CandidateCache } from './placement/candidate-cache.js';
import { SessionPlacement } from './placement/session-placement.js';
import { SessionCacheReader } from './session-cache-reader.js';
import { SessionCommands } from './session-commands.js';
import { SessionChanges } from './session-changes.js';
import { SessionOpening } from './session-opening.js';
import { SessionReader } from './session-reader.js';
import { SessionReports } from './session-reports.js';
import { SessionTermination } from './session-termination.js';

/** Sessions: where they are placed, what agents are told of them, and what they report. */
@Module({
  imports: [AuthModule, KeptAnswersModule],
  providers: [
    AbandonedSessions,
    CandidateCache,
    SessionCacheReader,
    SessionCommands,
    SessionChanges,
    SessionOpening,
    SessionPlacement,
    SessionReader,
    SessionReports,
    SessionTermination,
  ],
  exports: [SessionCacheReader, SessionCommands, SessionOpening, SessionReader, SessionReports, SessionTermination],
})
export class SessionsModule {}
