import { Module } from '@nestjs/common';
import { KeptAnswersModule } from '../http/kept-answers.module.js';
import { WebhookSecretsModule } from './webhook-secrets.module.js';
import { Webhooks } from './webhooks.js';

/** Webhooks: external receivers of alerts. */
@Module({ imports: [KeptAnswersModule, WebhookSecretsModule], providers: [Webhooks], exports: [Webhooks] })
export class WebhooksModule {}
