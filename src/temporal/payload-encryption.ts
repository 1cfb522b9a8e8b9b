import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Injectable } from '@nestjs/common';
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { ENCODES_FAILURES } from '../../contract/temporal-names.js';
import { decrypt, encrypt, type NamedKey } from '../process/key-file.js';
import { PayloadUnreadable } from '../lifecycle/lifecycle-signals.js';
import { PayloadKeys } from './payload-keys.js';
import type { WorkflowBundle } from './worker-version.js';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

/** The encoding's name in Temporal's samples, by which tools that show payloads recognize encrypted ones. */
const ENCRYPTED = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';

/**
 * Encrypts what Temporal stores, by AES-256-GCM: inputs, results, signals, queries, updates, memos, summaries and failures. Runs on the main
 * thread, between the connection and the sandbox, unseen by workflows. Unencrypted payloads are read as they are. See docs/adr/0039.
 */
@Injectable()
export class PayloadEncryption implements PayloadCodec {
  constructor(private readonly keys: PayloadKeys) {}

  /** Whether new payloads are encrypted. */
  get isOn(): boolean {
    return this.keys.encrypting !== undefined;
  }

  /** Data converter for clients. */
  get clientConverter(): DataConverter {
    return { payloadCodecs: [this] };
  }

  /** Data converter for workers, which also encodes failures of activities. */
  get workerConverter(): DataConverter {
    // Tests run the sources, whose extension differs from the built files'.
    const failureConverter = new URL(`./encoded-failures${extname(import.meta.url)}`, import.meta.url);
    return { payloadCodecs: [this], ...(this.isOn && { failureConverterPath: fileURLToPath(failureConverter) }) };
  }

  /** The bundle with a flag that makes workflows encode their failures: code is the only way to configure the sandbox. */
  async bundleOf(bundle: WorkflowBundle): Promise<WorkflowBundle> {
    if (!this.isOn) return bundle;
    const code = 'code' in bundle ? bundle.code : await readFile(bundle.codePath, 'utf8');
    return { code: `globalThis.${ENCODES_FAILURES}=true;${code}` };
  }

  /** @throws PayloadUnreadable where a payload was met recently that no key here decrypts */
  assertReadable(): void {
    this.keys.assertNoneLacks();
  }

  // oxlint-disable-next-line require-await -- the SDK's codecs may wait
  async encode(payloads: Payload[]): Promise<Payload[]> {
    const key = this.keys.encrypting;
    return key === undefined
      ? payloads
      : payloads.map((payload) => (isEncrypted(payload) ? payload : encrypted(payload, key)));
  }

  /** @throws PayloadUnreadable */
  // oxlint-disable-next-line require-await -- the SDK's codecs may wait
  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) =>
      isEncrypted(payload) ? decrypted(payload, this.keys.find(metadataOf(payload, KEY_ID))) : payload,
    );
  }
}

/** Whether a payload was encrypted by this codec, with any key. */
export function isEncrypted(payload: Pick<Payload, 'metadata'>): boolean {
  return metadataOf(payload, 'encoding') === ENCRYPTED;
}

function metadataOf({ metadata }: Pick<Payload, 'metadata'>, name: string): string {
  return Buffer.from(metadata?.[name] ?? []).toString();
}

function encrypted(payload: Payload, key: NamedKey): Payload {
  return {
    metadata: { encoding: Buffer.from(ENCRYPTED), [KEY_ID]: Buffer.from(key.id) },
    data: encrypt(PayloadMessage.encode(payload).finish(), key),
  };
}

function decrypted({ data }: Payload, key: NamedKey): Payload {
  try {
    return PayloadMessage.decode(decrypt(data ?? Buffer.alloc(0), key));
  } catch (error) {
    throw new PayloadUnreadable(`Temporal keeps what key ${key.id} has encrypted, and it is damaged`, { cause: error });
  }
}
