import { randomBytes, randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import { Injectable, Logger } from '@nestjs/common';
import type { z } from 'zod';
import type { FleetEventType } from '../../contract/audit.js';
import type { Config } from '../../contract/config/schema.js';
import type {
  createWebhookRequestSchema,
  createWebhookResponseSchema,
  deliveryListQuerySchema,
  deliveryPageSchema,
  DeliveryView,
  patchWebhookRequestSchema,
  rotateWebhookSecretRequestSchema,
  webhookPageSchema,
  WebhookView,
} from '../../contract/schemas/webhooks.js';
import { parseDuration } from '../../contract/duration.js';
import { MOST_WEBHOOKS } from '../../contract/webhooks.js';
import type { Actor } from '../auth/caller.js';
import { KeptAnswers } from '../http/kept-answers.js';
import { ProblemError } from '../http/problem-error.js';
import { Clock } from '../mechanics/clock.js';
import { InjectConfig } from '../process/config.js';
import { EventStore } from '../record/event-store.js';
import { fleetEvent } from '../record/node-event.js';
import { UnitOfWork } from '../record/unit-of-work.js';
import { deliveryOf } from './deliveries-of.js';
import { isPublicAddress } from './public-addresses.js';
import { WebhookLines } from './webhook-lines.js';
import type { DeliveryRecord, WebhookChange, WebhookRecord } from './webhook-record.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { newWebhookSecret } from './webhook-signature.js';
import { WebhookStore } from './webhook-store.js';
import { deliveryView, webhookView } from './webhook-view.js';

const ID_BYTES = 5;

/** Webhooks and their deliveries. */
@Injectable()
export class Webhooks {
  private readonly logger = new Logger(Webhooks.name);
  private readonly settings: Config['Orchestrator']['Webhooks'];

  constructor(
    private readonly store: WebhookStore,
    private readonly secrets: WebhookSecrets,
    private readonly lines: WebhookLines,
    private readonly events: EventStore,
    private readonly unit: UnitOfWork,
    private readonly answers: KeptAnswers,
    private readonly clock: Clock,
    @InjectConfig() { Orchestrator }: Config,
  ) {
    this.settings = Orchestrator.Webhooks;
  }

  /** @throws ProblemError TOO_MANY_WEBHOOKS, or VALIDATION_FAILED where its address is of a private network */
  async create(
    request: z.output<typeof createWebhookRequestSchema>,
    actor: Actor,
  ): Promise<z.infer<typeof createWebhookResponseSchema>> {
    this.checkAddress(request.url);
    const at = this.clock.now();
    const secret = request.secret ?? newWebhookSecret();
    const webhook: WebhookRecord = {
      ...request,
      ...{ id: randomBytes(ID_BYTES).toString('hex'), secret, createdAt: at, createdBy: actor.by, owed: true },
    };
    const response = { webhook: webhookView(webhook, at), secret: request.secret === undefined ? secret : null };
    await this.unit.run(async () => {
      if (!(await this.store.create(this.secrets.sealed(webhook.id, webhook))))
        throw new ProblemError({
          code: 'TOO_MANY_WEBHOOKS',
          detail: `there are ${MOST_WEBHOOKS} webhooks already`,
          hint: 'Delete one first: rollcall webhook list',
        });
      await this.note('WebhookCreated', webhook, actor);
      await this.answers.keep(201, () => response);
    });
    this.logger.log({ msg: 'a webhook was made', webhook: webhook.id, name: webhook.name, by: actor.by });
    return response;
  }

  async list(): Promise<z.infer<typeof webhookPageSchema>> {
    const now = this.clock.now();
    return {
      items: (await this.store.all()).map((webhook) =>
        webhookView({ ...webhook, url: this.secrets.openedIfReadable(webhook)?.url }, now),
      ),
      nextCursor: null,
    };
  }

  /** @throws ProblemError NOT_FOUND */
  async get(id: string): Promise<WebhookView> {
    return webhookView(await this.find(id), this.clock.now());
  }

  /**
   * Changes a webhook. Pending deliveries go to the new address; where it wants more alerts than before, raised ones are delivered.
   * @throws ProblemError NOT_FOUND, or VALIDATION_FAILED
   */
  async edit(id: string, change: z.output<typeof patchWebhookRequestSchema>, actor: Actor): Promise<WebhookView> {
    if (change.url !== undefined) this.checkAddress(change.url);
    const edited = await this.unit.run(async () => {
      const before = await this.find(id);
      checkSecret(before, change);
      const changed = changedFields(before, change);
      const wantsOthers = changed.some((field) => field === 'kinds' || field === 'labels' || field === 'severity');
      const after = await this.changed(id, { ...change, ...(wantsOthers && { owed: true }) });
      if (changed.length > 0) await this.note('WebhookEdited', after, actor, `changed: ${changed.join(', ')}`);
      await this.answers.keep(200, () => webhookView(after, this.clock.now()));
      return after;
    });
    this.logger.log({ msg: 'a webhook was changed', webhook: id, by: actor.by });
    return webhookView(edited, this.clock.now());
  }

  /**
   * Gives it another signing secret; bodies are signed with both for a while.
   * @throws ProblemError NOT_FOUND, or VALIDATION_FAILED where it signs nothing
   */
  async rotateSecret(
    id: string,
    { overlap }: z.output<typeof rotateWebhookSecretRequestSchema>,
    actor: Actor,
  ): Promise<z.infer<typeof createWebhookResponseSchema>> {
    const secret = newWebhookSecret();
    const at = this.clock.now();
    const response = await this.unit.run(async () => {
      const before = await this.find(id);
      if (before.form === 'pagerduty')
        throw new ProblemError({
          code: 'VALIDATION_FAILED',
          detail: `webhook ${id} has a routing key, which PagerDuty makes`,
          field: 'id',
          hint: 'Give it another: rollcall webhook edit ID --secret-stdin',
        });
      const former = { secret: before.secret, until: at + (parseDuration(overlap) ?? 0) };
      const after = await this.changed(id, { secret, former });
      await this.note('WebhookSecretRotated', after, actor, `the former secret signs for ${overlap} more`);
      const made = { webhook: webhookView(after, at), secret };
      await this.answers.keep(201, () => made);
      return made;
    });
    this.logger.log({ msg: 'the secret of a webhook was rotated', webhook: id, by: actor.by });
    return response;
  }

  /** @throws ProblemError NOT_FOUND */
  async remove(id: string, actor: Actor): Promise<void> {
    await this.unit.run(async () => {
      const removed = await this.store.remove(id);
      if (removed === null) throw notFound(`webhook ${id}`);
      await this.note('WebhookDeleted', removed, actor);
      await this.answers.keep(204, () => undefined);
    });
    this.logger.log({ msg: 'a webhook was deleted', webhook: id, by: actor.by });
  }

  /** Sends a test that is recognizable as such. @throws ProblemError NOT_FOUND */
  async test(id: string, actor: Actor): Promise<DeliveryView> {
    const webhook = await this.find(id);
    const at = this.clock.now();
    const notice = {
      ...({ alert: randomUUID(), kind: 'Test', phase: 'raised', severity: 'info', at, since: at } as const),
      ...{ node: null, labels: {}, summary: `${actor.by} tests whether ${webhook.name} hears Rollcall` },
    };
    const delivery = deliveryOf(notice, webhook, this.settings.GiveUpAfter);
    await this.unit.run(async () => {
      await this.store.deliver([delivery]);
      await this.answers.keep(202, () => deliveryView(delivery));
    });
    await this.wake(delivery);
    return deliveryView(delivery);
  }

  /** @throws ProblemError NOT_FOUND; BadCursor */
  async deliveries(
    id: string,
    page: z.output<typeof deliveryListQuerySchema>,
  ): Promise<z.infer<typeof deliveryPageSchema>> {
    await this.stored(id);
    const { items, nextCursor } = await this.store.deliveries(id, page);
    return { items: items.map(deliveryView), nextCursor };
  }

  /** Makes a finished delivery pending again, with the same webhook-id. @throws ProblemError NOT_FOUND */
  async replay(id: string, delivery: string): Promise<DeliveryView> {
    const now = this.clock.now();
    const again = await this.unit.run(async () => {
      const found = await this.store.replay(id, delivery, now, now + this.settings.GiveUpAfter);
      if (found === null) throw notFound(`delivery ${delivery} of webhook ${id}`);
      await this.answers.keep(202, () => deliveryView(found));
      return found;
    });
    await this.wake(again);
    return deliveryView(again);
  }

  /** Wakes the line. Failures are ignored: the delivery is committed, and the worker wakes lines that were not told. */
  private async wake({ webhook, about }: DeliveryRecord): Promise<void> {
    await this.lines.wake({ webhook, about }).catch((error: Error) => {
      this.logger.warn({ msg: 'a webhook waits to be told; the worker will', webhook, reason: error.message });
    });
  }

  private async find(id: string): Promise<WebhookRecord> {
    return this.secrets.opened(await this.stored(id));
  }

  /** With its secrets as they are stored. */
  private async stored(id: string): Promise<WebhookRecord> {
    const webhook = await this.store.find(id);
    if (webhook === null) throw notFound(`webhook ${id}`);
    return webhook;
  }

  private async changed(id: string, change: WebhookChange): Promise<WebhookRecord> {
    const after = await this.store.edit(id, this.secrets.sealed(id, change));
    if (after === null) throw notFound(`webhook ${id}`);
    return this.secrets.opened(after);
  }

  private note(type: FleetEventType, { id, name, form }: WebhookRecord, actor: Actor, what?: string): Promise<void> {
    const reason = [`${name} (${id}), ${form}`, what].filter((part) => part !== undefined).join('; ');
    return this.events.append([fleetEvent(type, this.clock.now(), actor, reason)]);
  }

  /** Refuses private addresses. Names are only checked when they are connected to. */
  private checkAddress(url: string): void {
    const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
    const isPrivate = host === 'localhost' || (isIP(host) !== 0 && !isPublicAddress(host));
    if (isPrivate && !this.settings.AllowPrivate)
      throw new ProblemError({
        code: 'VALIDATION_FAILED',
        detail: `${host} is an address of a private network`,
        field: 'url',
        hint: 'Where such receivers are meant, set Orchestrator.Webhooks.AllowPrivate',
      });
  }
}

/** Names of fields whose values differ. */
function changedFields(before: WebhookRecord, change: z.output<typeof patchWebhookRequestSchema>): string[] {
  return Object.entries(change)
    .filter(([field, value]) => JSON.stringify(before[field as keyof typeof change]) !== JSON.stringify(value))
    .map(([field]) => field);
}

/** Demands the routing key with a new address, since the key is sent there: otherwise its reader could be changed without knowing it. */
function checkSecret({ id, form, url }: WebhookRecord, change: z.output<typeof patchWebhookRequestSchema>): void {
  if (form !== 'pagerduty' && change.secret !== undefined)
    throw new ProblemError({
      code: 'VALIDATION_FAILED',
      detail: 'a signing secret is replaced by rotating it',
      field: 'secret',
      hint: `rollcall webhook rotate ${id}`,
    });
  if (form === 'pagerduty' && change.url !== undefined && change.url !== url && change.secret === undefined)
    throw new ProblemError({
      code: 'VALIDATION_FAILED',
      detail: 'another address needs the routing key again, since it is told to it',
      field: 'secret',
      hint: 'Give the routing key with the address',
    });
}

function notFound(what: string): ProblemError {
  return new ProblemError({ code: 'NOT_FOUND', detail: `there is no ${what}`, hint: 'See: rollcall webhook list' });
}
