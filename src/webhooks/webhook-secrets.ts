import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { ProblemError } from '../http/problem-error.js';
import { SteadyClock } from '../mechanics/clock.js';
import { InjectConfig } from '../process/config.js';
import { decrypt, encrypt } from '../process/key-file.js';
import { KeyRing } from '../process/key-ring.js';
import type { WebhookChange, WebhookRecord } from './webhook-record.js';

const KEY_FILE_SETTING = 'Orchestrator.Webhooks.Secrets.KeyFile';
/** `sealed:<id of the key>:<base64url>`; no address and no secret of a webhook looks like that. */
const SEALED = /^sealed:([0-9a-f]{16}):([A-Za-z0-9_-]+)$/;

type Secret = Pick<WebhookRecord, 'url' | 'secret' | 'former'>;

/**
 * Seals what of webhooks is secret, address and secrets, before it goes to the database, and opens it. Without keys it is stored in clear; what is in clear is
 * read in any case.
 */
@Injectable()
export class WebhookSecrets implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(WebhookSecrets.name);
  private readonly ring: KeyRing | undefined;
  private readonly seals: boolean;
  private stopFollowing: () => void = () => undefined;

  /** @throws ConfigError where the key file is invalid */
  constructor(@InjectConfig() { Orchestrator }: Pick<Config, 'Orchestrator'>, clock: SteadyClock) {
    const { KeyFile, Encrypt } = Orchestrator.Webhooks.Secrets;
    const use = { setting: KEY_FILE_SETTING, what: 'secrets of webhooks' };
    if (KeyFile !== undefined) this.ring = new KeyRing({ ...use, file: KeyFile }, clock, this.logger);
    this.seals = Encrypt;
  }

  sealed<Change extends WebhookChange>(id: string, change: Change): Change {
    const sealed: WebhookChange = {};
    if (change.url !== undefined) sealed.url = this.seal(id, 'url', change.url);
    if (change.secret !== undefined) sealed.secret = this.seal(id, 'secret', change.secret);
    if (change.former?.secret !== undefined)
      sealed.former = { ...change.former, secret: this.seal(id, 'secret', change.former.secret) };
    return { ...change, ...sealed };
  }

  /** @throws ProblemError UNAVAILABLE where this process lacks the key */
  opened(webhook: WebhookRecord): WebhookRecord {
    const { id, url, secret, former } = webhook;
    return {
      ...webhook,
      url: this.open(id, 'url', url),
      secret: this.open(id, 'secret', secret),
      // MongoDB has an empty one where there is none.
      ...(former?.secret !== undefined && { former: { ...former, secret: this.open(id, 'secret', former.secret) } }),
    };
  }

  /** Undefined where it cannot be opened: one webhook must not stand in the way of the others. */
  openedIfReadable(webhook: WebhookRecord): WebhookRecord | undefined {
    try {
      return this.opened(webhook);
    } catch (error) {
      if (error instanceof ProblemError) return undefined;
      throw error;
    }
  }

  /** Whether new secrets would be stored in another way: with the first key, or in clear. */
  isOutdated({ url, secret, former }: Secret): boolean {
    const wanted = this.seals ? this.ring?.first?.id : undefined;
    return [url, secret, former?.secret ?? secret].some((text) => SEALED.exec(text)?.[1] !== wanted);
  }

  onApplicationBootstrap(): void {
    this.stopFollowing = this.ring?.follow() ?? this.stopFollowing;
  }

  onApplicationShutdown(): void {
    this.stopFollowing();
  }

  private seal(id: string, field: string, text: string): string {
    const key = this.seals ? this.ring?.first : undefined;
    if (key === undefined) return text;
    return `sealed:${key.id}:${encrypt(Buffer.from(text), key, contextOf(id, field)).toString('base64url')}`;
  }

  private open(id: string, field: string, stored: string): string {
    const [, keyId, sealed] = SEALED.exec(stored) ?? [];
    if (keyId === undefined || sealed === undefined) return stored;
    const key = this.ring?.find(keyId);
    if (key === undefined) throw unreadable(`is encrypted with key ${keyId}, which this process lacks`, id);
    try {
      return decrypt(Buffer.from(sealed, 'base64url'), key, contextOf(id, field)).toString();
    } catch {
      throw unreadable('is damaged', id);
    }
  }
}

/** A sealed text can be opened for the same webhook and field only. */
function contextOf(id: string, field: string): string {
  return `rollcall webhook ${id} ${field}`;
}

function unreadable(why: string, id: string): ProblemError {
  return new ProblemError({
    code: 'UNAVAILABLE',
    detail: `the secret of webhook ${id} ${why}`,
    hint: `Who runs this cluster adds the key to the file of ${KEY_FILE_SETTING}`,
  });
}
