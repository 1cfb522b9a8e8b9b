import { Module } from '@nestjs/common';
import { ApprovalModule } from '../approval/approval.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { KeptAnswersModule } from '../http/kept-answers.module.js';
import { InstallationModule } from '../installation/installation.module.js';
import { LifecycleModule } from '../lifecycle/lifecycle.module.js';
import { AccessTokenIssuer } from './access-token-issuer.js';
import { AssertionReplays } from './assertion-replays.js';
import { Assertions } from './assertions.js';
import { FleetJoining } from './fleet-joining.js';
import { JoinTokens } from './join-tokens.js';
import { KeyReplacement } from './key-replacement.js';
import { RefusedTokens } from './refused-tokens.js';
import { RegistrationService } from './registration.service.js';
import { SlotJoining } from './slot-joining.js';
import { TokenJoining } from './token-joining.js';

/** Joining of nodes, by a slot's token or a join token, and their access tokens. */
@Module({
  imports: [ApprovalModule, AuthModule, InstallationModule, KeptAnswersModule, LifecycleModule],
  providers: [
    RegistrationService,
    TokenJoining,
    SlotJoining,
    FleetJoining,
    RefusedTokens,
    JoinTokens,
    AccessTokenIssuer,
    AssertionReplays,
    Assertions,
    KeyReplacement,
  ],
  exports: [AccessTokenIssuer, JoinTokens, KeyReplacement, RegistrationService],
})
export class JoiningModule {}
