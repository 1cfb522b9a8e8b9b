import type { AgentClock } from '../process/agent-clock.js';
import { jittered, type Random } from '../process/backoff.js';
import { inWords, Refused, Unavailable } from '../control-plane/control-plane.js';
import { FatalError } from '../process/exit-codes.js';
import type { Log } from '../process/log.js';
import { repeat } from '../process/repeat.js';
import type { Settings } from '../settings.js';
import type { Membership } from './membership.js';

/**
 * How often the key's age is checked, and the minimum age of a key before it is replaced, in milliseconds. It is checked often because the setting
 * may change, and a machine that slept has an older key than expected.
 */
const LOOK_EVERY_MS = 60_000;
/** Delay before another attempt to replace the key, in milliseconds. */
const AGAIN_MS = 5 * 60_000;
const AGAIN_JITTER = 0.25;
/** Maximum share of the age by which a key is replaced early, so that a fleet that joined at once does not replace its keys at once. */
const SPREAD = 0.2;

interface KeyRotationParts {
  settings: Pick<Settings, 'rotateKeyAfterMs'>;
  membership: Pick<Membership, 'keySince' | 'rotateKey'>;
  clock: AgentClock;
  random: Random;
  log: Log;
}

/** Replaces the node's key at the configured age. */
export class KeyRotation {
  /** This agent's share of the spread. */
  private readonly share: number;
  private told: string | undefined;

  constructor(private readonly parts: KeyRotationParts) {
    this.share = parts.random();
  }

  async run(stop: AbortSignal): Promise<void> {
    await repeat((signal) => this.look(signal), this.parts.clock, stop);
  }

  /** @returns the wait before the next check, in milliseconds */
  private async look(stop: AbortSignal): Promise<number> {
    const { membership, settings, clock, random, log } = this.parts;
    if (settings.rotateKeyAfterMs === 0) return LOOK_EVERY_MS;
    const age = clock.now() - membership.keySince;
    const left = Math.max(LOOK_EVERY_MS, settings.rotateKeyAfterMs * (1 - SPREAD * this.share)) - age;
    // A key from the future means that the clock was wrong, then or now, so the key's age is unknown.
    if (age >= 0 && left > 0) return Math.min(LOOK_EVERY_MS, left);
    try {
      await membership.rotateKey(stop);
      this.told = undefined;
      log.info('this node has another key; the former one opens nothing any more');
      return LOOK_EVERY_MS;
    } catch (error) {
      if (stop.aborted) throw error;
      this.tell(whyNot(error));
      return jittered(AGAIN_MS, AGAIN_JITTER, random);
    }
  }

  private tell(why: string): void {
    if (why !== this.told)
      this.parts.log.warn(`the key of this node is not replaced yet, and that is tried again: ${why}`);
    this.told = why;
  }
}

/** @throws errors other than refusals, unavailability and failures of the disk */
function whyNot(error: unknown): string {
  if (error instanceof Refused)
    return error.status === 404 ? 'the api is of an older version, which knows of no other key' : inWords(error.fault);
  if (error instanceof Unavailable || error instanceof FatalError) return error.message;
  throw error;
}
