import { randomUUID, type webcrypto } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { exportJWK, generateKeyPair } from 'jose';
import { Clock } from '../mechanics/clock.js';
import { SigningKeyStore } from './signing-key-store.js';

/** A published key outlives its replica by at most this, in milliseconds; access tokens live much shorter. */
const PUBLISHED_FOR_MS = 24 * 3_600_000;
/** A database that is restored from a dump has lost the key: for so long, at most, what was signed with it means nothing. In milliseconds. */
const REFRESH_EVERY_MS = 5_000;

type SigningKeyPair = { kid: string; privateKey: webcrypto.CryptoKey; publicKeyX: string };

/** This replica's key for access tokens: made at start, never written down; its public half is published for the other replicas. */
@Injectable()
export class SigningKey implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(SigningKey.name);
  private readonly pair: Promise<SigningKeyPair> = makePair();
  private published: Promise<void> | undefined;
  private refresh: NodeJS.Timeout | undefined;
  private failing = false;

  constructor(
    private readonly store: SigningKeyStore,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.refresh = setInterval(() => void this.publishAgain(), REFRESH_EVERY_MS);
    this.refresh.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.refresh);
  }

  private async publishAgain(): Promise<void> {
    this.published = undefined;
    try {
      await this.forSigning();
      this.failing = false;
    } catch (error) {
      // Once an outage.
      if (!this.failing)
        this.logger.warn({
          msg: 'the signing key cannot be published again at the moment; trying again',
          reason: (error as Error).message,
        });
      this.failing = true;
    }
  }

  /** The key, published: a token signed before that would mean nothing to the other replicas. */
  async forSigning(): Promise<SigningKeyPair> {
    const pair = await this.pair;
    this.published ??= this.publish(pair).catch((error: unknown) => {
      this.published = undefined;
      throw error;
    });
    await this.published;
    return pair;
  }

  private publish({ kid, publicKeyX }: SigningKeyPair): Promise<void> {
    return this.store.publish({ kid, publicKeyX, expiresAt: this.clock.now() + PUBLISHED_FOR_MS });
  }
}

async function makePair(): Promise<SigningKeyPair> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  const { x } = await exportJWK(publicKey);
  if (x === undefined) throw new Error('an Ed25519 public key has no x');
  return { kid: randomUUID(), privateKey, publicKeyX: x };
}
