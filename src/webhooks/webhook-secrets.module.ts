import { Module } from '@nestjs/common';
import { WebhookSecrets } from './webhook-secrets.js';

/** Encryption of what of webhooks is secret. */
@Module({ providers: [WebhookSecrets], exports: [WebhookSecrets] })
export class WebhookSecretsModule {}
