import { isoTime } from '../../contract/iso-time.js';
import { backoffDelay, type Random } from '../process/backoff.js';
import type { AgentClock } from '../process/agent-clock.js';
import { inWords, Refused, Unavailable, type ControlPlane } from '../control-plane/control-plane.js';
import { EXIT, FatalError } from '../process/exit-codes.js';
import type { IdentityStore } from './identity-store.js';
import { fingerprintOf, newPrivateKey, publicKeyOf, type Identity, type Registration } from './identity.js';
import type { InfoCollector } from '../info/inventory.js';
import type { Log } from '../process/log.js';
import type { Settings } from '../settings.js';

const BACKOFF = { baseMs: 1_000, capMs: 30_000 };

export interface RegistrarParts {
  settings: Settings;
  plane: ControlPlane;
  store: IdentityStore;
  info: InfoCollector;
  clock: AgentClock;
  random: Random;
  log: Log;
  bootId: string;
}

/** Registers this machine as a node of the cluster. */
export class Registrar {
  /** A refused token is not sent again until the configuration changes, which means a new process. */
  private refusedToken: string | undefined;

  constructor(private readonly parts: RegistrarParts) {}

  /**
   * Joins for the first time; waits as long as no orchestrator answers.
   * @throws FatalError without a token, or if the orchestrator refuses
   */
  async join(identity: Identity, stop: AbortSignal): Promise<Registration> {
    const { settings, store } = this.parts;
    if (settings.token === undefined) {
      const path = 'path' in store ? ` (there is no ${String(store.path)})` : '';
      throw new FatalError(
        `This machine has not joined a cluster yet${path} and has no token to join with: make one with "rollcall node register ${settings.name}" and set it as Compute.Auth.Token`,
        EXIT.misconfigured,
      );
    }
    try {
      return await this.register(identity, settings.token, stop);
    } catch (error) {
      throw error instanceof Refused ? refusal(error, settings.name) : error;
    }
  }

  /**
   * Joins again when the credential is no longer valid and the configuration has a token that this node has not used.
   * @returns undefined if there is no such token, or it was refused
   */
  async rejoin(identity: Identity, stop: AbortSignal): Promise<Registration | undefined> {
    const { token } = this.parts.settings;
    if (
      token === undefined ||
      token === this.refusedToken ||
      fingerprintOf(token) === identity.registration?.tokenFingerprint
    )
      return undefined;
    this.parts.log.info(
      'the credential of this node is not accepted any more: joining again with the new token in Compute.Auth.Token',
    );
    try {
      return await this.register(identity, token, stop);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.refusedToken = token;
      this.parts.log.error(refusal(error, this.parts.settings.name).message);
      return undefined;
    }
  }

  private async register(identity: Identity, token: string, stop: AbortSignal): Promise<Registration> {
    const { settings, store, info, bootId, clock, log } = this.parts;
    const candidate = identity.candidate ?? newPrivateKey();
    // Saved before it is sent: without the key nobody could act for the node registered with it, while a repeated request with the
    // same key and token gets the same answer.
    await store.save({ registration: identity.registration, candidate });
    const request = {
      token,
      publicKey: publicKeyOf(candidate),
      name: settings.name,
      labels: settings.labels,
      info: await info.collect(),
      bootId,
    };
    const { response, orchestrator } = await this.untilAnswered(() => this.parts.plane.register(request, stop), stop);
    const registration: Registration = {
      id: response.id,
      uid: response.uid,
      privateKey: candidate,
      tokenFingerprint: fingerprintOf(token),
      orchestrator,
      registeredAt: isoTime(clock.now()),
    };
    await store.save({ registration, candidate: null });
    log.info({ node: response.id, uid: response.uid, orchestrator }, `joined the cluster as ${response.id}`);
    return registration;
  }

  private async untilAnswered<Answer>(ask: () => Promise<Answer>, stop: AbortSignal): Promise<Answer> {
    const { clock, random, log } = this.parts;
    let told: string | undefined;
    for (let failures = 1; ; failures++) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        if (error.message !== told) log.warn(`cannot join yet, and keeps trying: ${error.message}`);
        told = error.message;
        await clock.sleep(backoffDelay(failures, BACKOFF, random, error.retryAfterMs), stop);
        stop.throwIfAborted();
      }
    }
  }
}

/** Why the orchestrator did not accept this machine, and the remedy. */
function refusal({ status, fault }: Refused, name: string): FatalError {
  switch (status) {
    case 400:
      return new FatalError(
        `The orchestrator refuses this node's configuration: ${inWords(fault)}`,
        EXIT.misconfigured,
      );
    case 401:
      return new FatalError(
        `The orchestrator refuses the token in Compute.Auth.Token: it is wrong, expired, used up or revoked; make a new one with "rollcall node register ${name}"`,
        EXIT.refused,
      );
    default:
      return new FatalError(`The orchestrator refuses to let ${name} join: ${inWords(fault)}`, EXIT.refused);
  }
}
