import { Injectable, Logger } from '@nestjs/common';
import { WebhookSecrets } from './webhook-secrets.js';
import { WebhookStore } from './webhook-store.js';

/** Brings stored secrets of webhooks under the first key, or back into clear text. */
@Injectable()
export class WebhookResealing {
  private readonly logger = new Logger(WebhookResealing.name);

  constructor(
    private readonly store: WebhookStore,
    private readonly secrets: WebhookSecrets,
  ) {}

  async pass(): Promise<void> {
    for (const webhook of await this.store.all()) {
      if (!this.secrets.isOutdated(webhook)) continue;
      const { id } = webhook;
      const opened = this.secrets.openedIfReadable(webhook);
      if (opened === undefined) {
        this.logger.warn({
          msg: 'the secrets of a webhook cannot be read: a key is missing, or they are damaged',
          webhook: id,
        });
        continue;
      }
      const { url, secret, former } = opened;
      await this.store.reseal(
        webhook,
        this.secrets.sealed(id, { url, secret, ...(former !== undefined && { former }) }),
      );
      this.logger.log({ msg: 'the secrets of a webhook were stored under the current key', webhook: id });
    }
  }
}
