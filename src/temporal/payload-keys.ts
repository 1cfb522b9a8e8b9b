import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { PayloadUnreadable } from '../lifecycle/lifecycle-signals.js';
import { SteadyClock } from '../mechanics/clock.js';
import { InjectConfig } from '../process/config.js';
import type { NamedKey } from '../process/key-file.js';
import { KeyRing } from '../process/key-ring.js';

/** The configuration key with the path of the key file. */
const KEY_FILE_SETTING = 'Orchestrator.Temporal.Payloads.KeyFile';
/** Temporal retries unreadable work within ten minutes: a key that is not needed for this long, in milliseconds, is no longer missed. */
const LACKED_FOR_MS = 15 * 60_000;

/** The keys for payloads in Temporal, read from their file; none where no file is configured. */
@Injectable()
export class PayloadKeys implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Temporal');
  private readonly file: string | undefined;
  private readonly encrypts: boolean;
  private readonly ring: KeyRing | undefined;
  private lacked: { id: string; at: number } | undefined;
  private stopFollowing: () => void = () => undefined;

  /** @throws ConfigError where the file is invalid */
  constructor(
    @InjectConfig() { Orchestrator }: Pick<Config, 'Orchestrator'>,
    private readonly clock: SteadyClock,
  ) {
    const { KeyFile, Encrypt } = Orchestrator.Temporal.Payloads;
    this.file = KeyFile;
    if (KeyFile !== undefined)
      this.ring = new KeyRing(
        { setting: KEY_FILE_SETTING, file: KeyFile, what: 'payloads in Temporal' },
        clock,
        this.logger,
      );
    this.encrypts = KeyFile !== undefined && Encrypt;
  }

  /** The key that encrypts; undefined where payloads are written in clear, which does not change while the process runs. */
  get encrypting(): NamedKey | undefined {
    return this.encrypts ? this.ring?.first : undefined;
  }

  /** @throws PayloadUnreadable where there is no such key */
  find(id: string): NamedKey {
    const found = this.ring?.find(id);
    if (found !== undefined) return found;
    if (this.lacked?.id !== id) this.logger.error(unreadable(id, this.file).message);
    this.lacked = { id, at: this.clock.now() };
    throw unreadable(id, this.file);
  }

  /** @throws PayloadUnreadable where a payload was met recently that no key here decrypts */
  assertNoneLacks(): void {
    if (this.lacked === undefined) return;
    const { id, at } = this.lacked;
    if (this.clock.now() - at < LACKED_FOR_MS && this.ring?.find(id) === undefined) throw unreadable(id, this.file);
    this.lacked = undefined;
  }

  onApplicationBootstrap(): void {
    if (this.ring === undefined) return;
    const { ids: reads } = this.ring;
    this.logger.log({ msg: 'payloads in Temporal have keys', encrypting: this.encrypting?.id ?? null, reads });
    this.stopFollowing = this.ring.follow();
  }

  onApplicationShutdown(): void {
    this.stopFollowing();
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
