import { Injectable } from '@nestjs/common';
import type { Payload } from '@temporalio/common';
import type { Config } from '../../contract/config/schema.js';
import { DEFAULT_NAMESPACE } from '../../contract/config/temporal-keys.js';
import type { Payloads } from '../../contract/schemas/payloads.js';
import { ProblemError } from '../http/problem-error.js';
import { PayloadUnreadable } from '../lifecycle/lifecycle-signals.js';
import { InjectConfig } from '../process/config.js';
import { PayloadEncryption } from './payload-encryption.js';

/** Encrypts and decrypts payloads in JSON form. */
@Injectable()
export class CodecServer {
  private readonly namespace: string;

  constructor(
    private readonly encryption: PayloadEncryption,
    @InjectConfig() { Orchestrator }: Config,
  ) {
    this.namespace = Orchestrator.Temporal.Namespace ?? DEFAULT_NAMESPACE;
  }

  /** @throws ProblemError VALIDATION_FAILED for another namespace, or a payload that no key here decrypts */
  decode(payloads: Payloads, namespace?: string): Promise<Payloads> {
    return this.each(payloads, namespace, (payload) => this.encryption.decode([payload]));
  }

  /** @throws ProblemError VALIDATION_FAILED for another namespace */
  encode(payloads: Payloads, namespace?: string): Promise<Payloads> {
    return this.each(payloads, namespace, (payload) => this.encryption.encode([payload]));
  }

  private async each(
    { payloads }: Payloads,
    namespace: string | undefined,
    convert: (payload: Payload) => Promise<Payload[]>,
  ): Promise<Payloads> {
    // The `temporal` command sends an empty namespace where none was given.
    if (namespace && namespace !== this.namespace)
      throw new ProblemError({
        code: 'VALIDATION_FAILED',
        detail: `X-Namespace: this cluster has the keys of namespace ${this.namespace} only`,
        field: 'X-Namespace',
        hint: "Name the codec endpoint of that namespace's cluster",
      });
    const converted: Payloads['payloads'] = [];
    for (const [at, payload] of payloads.entries()) {
      try {
        converted.push(...(await convert(fromJson(payload))).map(toJson));
      } catch (error) {
        if (!(error instanceof PayloadUnreadable)) throw error;
        const field = `payloads.${at}`;
        throw new ProblemError({ code: 'VALIDATION_FAILED', detail: `${field}: ${error.message}`, field });
      }
    }
    return { payloads: converted };
  }
}

type JsonPayload = Payloads['payloads'][number];

function fromJson({ metadata, data }: JsonPayload): Payload {
  const bytes = Object.entries(metadata ?? {}).map(([name, text]) => [name, Buffer.from(text, 'base64')]);
  return { metadata: Object.fromEntries(bytes) as Record<string, Buffer>, data: Buffer.from(data ?? '', 'base64') };
}

function toJson({ metadata, data }: Payload): JsonPayload {
  const texts = Object.entries(metadata ?? {}).map(([name, bytes]) => [name, inBase64(bytes)]);
  return { metadata: Object.fromEntries(texts) as Record<string, string>, data: inBase64(data) };
}

function inBase64(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString('base64');
}
