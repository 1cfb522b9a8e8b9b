import { isDeepStrictEqual } from 'node:util';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { PayloadUnreadable } from '../lifecycle/lifecycle-signals.js';
import { SteadyClock } from '../mechanics/clock.js';
import { InjectConfig } from '../process/config.js';
import { followFiles } from '../process/follow-files.js';
import { KEY_FILE_SETTING, readPayloadKeys, type PayloadKey } from './payload-key.js';

/** Minimum time between two readings of the file for a missing key, in milliseconds: other processes may use a new key earlier. */
const LOOK_AGAIN_MS = 1_000;
/** Temporal retries unreadable work within ten minutes: a key that is not needed for this long, in milliseconds, is no longer missed. */
const LACKED_FOR_MS = 15 * 60_000;

/** The keys for payloads in Temporal, read from their file; none where no file is configured. */
@Injectable()
export class PayloadKeys implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Temporal');
  private readonly file: string | undefined;
  private readonly encrypts: boolean;
  private keys: PayloadKey[];
  private lookedAt = -Infinity;
  private lacked: { id: string; at: number } | undefined;
  private stopFollowing: () => void = () => undefined;

  /** @throws ConfigError where the file is invalid */
  constructor(
    @InjectConfig() { Orchestrator }: Pick<Config, 'Orchestrator'>,
    private readonly clock: SteadyClock,
  ) {
    const { KeyFile, Encrypt } = Orchestrator.Temporal.Payloads;
    this.file = KeyFile;
    this.keys = KeyFile === undefined ? [] : readPayloadKeys(KeyFile);
    this.encrypts = KeyFile !== undefined && Encrypt;
  }

  /** The key that encrypts; undefined where payloads are written in clear, which does not change while the process runs. */
  get encrypting(): PayloadKey | undefined {
    return this.encrypts ? this.keys[0] : undefined;
  }

  /** @throws PayloadUnreadable where there is no such key */
  find(id: string): PayloadKey {
    const found = this.known(id);
    if (found !== undefined) return found;
    if (this.lacked?.id !== id) this.logger.error(unreadable(id, this.file).message);
    this.lacked = { id, at: this.clock.now() };
    throw unreadable(id, this.file);
  }

  /** @throws PayloadUnreadable where a payload was met recently that no key here decrypts */
  assertNoneLacks(): void {
    if (this.lacked === undefined) return;
    const { id, at } = this.lacked;
    if (this.clock.now() - at < LACKED_FOR_MS && this.known(id) === undefined) throw unreadable(id, this.file);
    this.lacked = undefined;
  }

  onApplicationBootstrap(): void {
    if (this.file === undefined) return;
    this.tell('payloads in Temporal have keys');
    this.stopFollowing = followFiles([this.file], () => this.readAnew());
  }

  onApplicationShutdown(): void {
    this.stopFollowing();
  }

  private known(id: string): PayloadKey | undefined {
    const find = () => this.keys.find((key) => key.id === id);
    const found = find();
    if (found !== undefined || this.clock.now() - this.lookedAt < LOOK_AGAIN_MS) return found;
    this.lookedAt = this.clock.now();
    this.readAnew();
    return find();
  }

  /** Reads the file again. An invalid one is logged, and the current keys stay in use. */
  private readAnew(): void {
    if (this.file === undefined) return;
    try {
      const keys = readPayloadKeys(this.file);
      if (isDeepStrictEqual(keys, this.keys)) return;
      this.keys = keys;
      this.tell('the keys for payloads in Temporal were read anew');
    } catch (error) {
      this.logger.error(`the keys for payloads in Temporal were not read anew: ${(error as Error).message}`);
    }
  }

  private tell(msg: string): void {
    const reads = this.keys.map(({ id }) => id);
    this.logger.log({ msg, encrypting: this.encrypting?.id ?? null, reads });
  }
}

function unreadable(id: string, file: string | undefined): PayloadUnreadable {
  const what = `Temporal keeps what is encrypted with key ${id}, and this process does not have that key: `;
  return new PayloadUnreadable(
    what +
      (file === undefined
        ? `name the file with it as ${KEY_FILE_SETTING}`
        : `add it as a line of ${file} (${KEY_FILE_SETTING})`),
  );
}
