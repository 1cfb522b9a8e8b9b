import { isDeepStrictEqual } from 'node:util';
import type { Logger } from '@nestjs/common';
import type { SteadyClock } from '../mechanics/clock.js';
import { followFiles } from './follow-files.js';
import { readKeyFile, type NamedKey } from './key-file.js';

/** Minimum time between two readings of the file for a missing key, in milliseconds: other processes may use a new key earlier. */
const LOOK_AGAIN_MS = 1_000;

/** What the keys are for. */
interface KeyUse {
  /** The configuration key with the path of the file. */
  setting: string;
  file: string;
  /** Completes "the keys for …" in the log. */
  what: string;
}

/** The keys in a file, which is read again when it changes, and when a key is missing. An invalid file changes nothing. */
export class KeyRing {
  private keys: NamedKey[];
  private lookedAt = -Infinity;

  /** @throws ConfigError where the file is invalid */
  constructor(
    private readonly use: KeyUse,
    private readonly clock: SteadyClock,
    private readonly logger: Logger,
  ) {
    this.keys = readKeyFile(use.setting, use.file);
  }

  /** The key that encrypts. */
  get first(): NamedKey | undefined {
    return this.keys[0];
  }

  get ids(): string[] {
    return this.keys.map(({ id }) => id);
  }

  find(id: string): NamedKey | undefined {
    const find = () => this.keys.find((key) => key.id === id);
    const found = find();
    if (found !== undefined || this.clock.now() - this.lookedAt < LOOK_AGAIN_MS) return found;
    this.lookedAt = this.clock.now();
    this.readAnew();
    return find();
  }

  /** Follows the file. @returns what ends that */
  follow(): () => void {
    return followFiles([this.use.file], () => this.readAnew());
  }

  private readAnew(): void {
    const { setting, file, what } = this.use;
    try {
      const keys = readKeyFile(setting, file);
      if (isDeepStrictEqual(keys, this.keys)) return;
      this.keys = keys;
      this.logger.log({ msg: `the keys for ${what} were read anew`, first: this.first?.id, reads: this.ids });
    } catch (error) {
      this.logger.error(`the keys for ${what} were not read anew: ${(error as Error).message}`);
    }
  }
}
