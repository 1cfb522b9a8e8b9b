import { Logger, Module } from '@nestjs/common';
import { WebhookSecretsModule } from '../webhooks/webhook-secrets.module.js';
import { ServiceLog } from '../process/service-log.js';
import { AlertRound } from './alert-round.js';
import { AlertWatch } from './alert-watch.js';

/** Raises and clears alerts. */
@Module({
  imports: [WebhookSecretsModule],
  providers: [AlertRound, AlertWatch, { provide: ServiceLog, useFactory: () => new Logger(AlertWatch.name) }],
})
export class AlertsModule {}
