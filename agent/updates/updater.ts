import type { KeyObject } from 'node:crypto';
import { lt, valid } from 'semver';
import type { HeartbeatResponse, NodeInfo } from '../../client/index.js';
import { Unavailable } from '../control-plane/control-plane.js';
import type { Orchestrators } from '../control-plane/orchestrators.js';
import { backoffDelay, type Random } from '../process/backoff.js';
import type { AgentClock } from '../process/agent-clock.js';
import { whyFileFailed } from '../process/file-errors.js';
import type { Log } from '../process/log.js';
import { repeat } from '../process/repeat.js';
import { reportable } from '../process/reportable.js';
import { Wake } from '../process/wake.js';
import { fetchPackage } from './fetch-package.js';
import { NotThere, readUpdateKeys, UpdateRefused } from './signed-packages.js';
import { isVersion, type LastUpdate, type UpdateFolder } from './update-folder.js';

type Wish = NonNullable<HeartbeatResponse['update']>;

/** Maximum number of tries, for a process that is killed each time. */
const MAX_ATTEMPTS = 3;
/** Attempts to fetch a package, and the pauses between them in milliseconds. */
const MAX_FETCHES = 8;
const PAUSES = { baseMs: 1_000, capMs: 60_000 };
const UNTIL_ASKED_MS = 3_600_000;

export interface UpdaterParts {
  folder: UpdateFolder;
  /** Of this process. */
  version: string;
  /** Whether the configuration lets the api decide which version runs. */
  isManaged: boolean;
  /** Whether this process is a version on trial, which accepts no updates. */
  isTrial: boolean;
  /** File of the public keys whose packages are accepted. */
  keysFile: string;
  orchestrators: Pick<Orchestrators, 'inOrder'>;
  clock: AgentClock;
  random: Random;
  log: Log;
}

/** Follows the version that the api requests, if the configuration allows it: fetches it, and asks for its trial. */
export class Updater {
  /** Rung at each change of {@link report}. */
  readonly changed = new Wake();
  private readonly wished = new Wake();
  private wish: Wish | undefined;
  private isHeard = false;

  /** @param begin called once a version is ready for its trial; the process then stops its work */
  constructor(
    private readonly parts: UpdaterParts,
    private readonly begin: (update: LastUpdate) => void,
  ) {}

  /** For the node's information. */
  get report(): NonNullable<NodeInfo['updates']> {
    const { folder, isManaged } = this.parts;
    const { last } = folder;
    if (last === undefined) return { managed: isManaged };
    const { id, version, state, reason } = last;
    return { managed: isManaged, last: { id, version, state, reason: reportable(reason) } };
  }

  /** Handles the answer to a heartbeat. */
  accepted({ update }: Pick<HeartbeatResponse, 'update'>): void {
    if (!this.isHeard) {
      this.isHeard = true;
      // The running version works: its starts no longer count against it.
      void this.parts.folder.countStarts(0).catch((error: unknown) => this.warn(error));
    }
    if (update === undefined || !this.parts.isManaged || this.parts.isTrial) return;
    if (update.id === this.wish?.id && update.version === this.wish.version) return;
    this.wish = update;
    this.wished.ring();
  }

  /** Runs until `stop`. */
  async run(stop: AbortSignal): Promise<void> {
    const { clock, folder, isTrial, version } = this.parts;
    const { last } = folder;
    if (!isTrial) {
      try {
        // The trial succeeded, and the process was killed before it could say so.
        if (last?.state === 'TRYING' && last.version === version) await this.note({ ...last, state: 'DONE' });
        await folder.sweep([version]);
      } catch (error) {
        this.warn(error);
      }
    }
    await repeat(
      async (signal) => {
        await this.wished.rest(UNTIL_ASKED_MS, clock, signal);
        if (this.wish !== undefined && !signal.aborted) await this.follow(this.wish, signal);
        return 0;
      },
      clock,
      stop,
    );
  }

  private async follow(wish: Wish, stop: AbortSignal): Promise<void> {
    const { folder, version, log } = this.parts;
    const { last } = folder;
    const isSame = last?.id === wish.id && last.version === wish.version;
    // A refused or failed update is not tried again before somebody requests it anew.
    if (isSame && last.state !== 'FETCHING' && last.state !== 'TRYING') return;
    const attempts = isSame ? last.attempts + 1 : 1;
    const update: LastUpdate = { id: wish.id, version: wish.version, state: 'FETCHING', reason: '', attempts };
    try {
      if (attempts > MAX_ATTEMPTS)
        throw new UpdateRefused(`the agent was ended ${MAX_ATTEMPTS} times while it updated itself`);
      if (wish.version === version) return await this.note({ ...update, state: 'DONE' });
      this.check(wish);
      log.info({ version, wanted: wish.version }, `the api wants version ${wish.version} here: fetching it`);
      await this.note(update);
      await this.fetch(wish.version, stop);
      const trying: LastUpdate = { ...update, state: 'TRYING' };
      await this.note(trying);
      this.begin(trying);
    } catch (error) {
      if (stop.aborted) return;
      const reason =
        error instanceof UpdateRefused || error instanceof Unavailable ? error.message : whyFileFailed(error);
      log.error({ wanted: wish.version }, `version ${wish.version} is not installed: ${reason}`);
      await this.note({ ...update, state: 'REFUSED', reason }).catch((failure: unknown) => this.warn(failure));
    }
  }

  /** @throws UpdateRefused */
  private check({ version: wanted, downgrade }: Wish): void {
    const { version } = this.parts;
    if (typeof process.execve !== 'function')
      throw new UpdateRefused(`an agent cannot replace itself on ${process.platform}`);
    if (!isVersion(wanted)) throw new UpdateRefused('it is no version');
    if (valid(version) !== null && lt(wanted, version) && !downgrade)
      throw new UpdateRefused(`it is older than ${version}, which runs, and nobody asked for a downgrade`);
  }

  private async fetch(version: string, stop: AbortSignal): Promise<void> {
    const { keysFile, clock, random, log } = this.parts;
    const keys = readUpdateKeys(keysFile);
    for (let failures = 1; ; failures++) {
      const failure = await this.fetchFromAny(version, keys, stop);
      if (failure === undefined) return;
      if (stop.aborted || failure instanceof NotThere || failures === MAX_FETCHES) throw failure;
      log.warn(`version ${version} cannot be fetched, and is tried again: ${failure.message}`);
      const asked = failure instanceof Unavailable ? failure.retryAfterMs : undefined;
      await clock.sleep(backoffDelay(failures, PAUSES, random, asked), stop);
    }
  }

  /**
   * @returns why none of the apis delivered it, if that may pass
   * @throws UpdateRefused if one of them delivers what must not be installed
   */
  private async fetchFromAny(version: string, keys: KeyObject[], stop: AbortSignal): Promise<Error | undefined> {
    const { folder, orchestrators } = this.parts;
    let failure: Error | undefined;
    for (const orchestrator of orchestrators.inOrder()) {
      try {
        await fetchPackage(folder, orchestrator, version, keys, stop);
        return undefined;
      } catch (error) {
        if (stop.aborted || !mayPass(error)) throw error;
        if (failure === undefined || failure instanceof NotThere) failure = error;
      }
    }
    return failure;
  }

  private async note(last: LastUpdate): Promise<void> {
    await this.parts.folder.note(last);
    this.changed.ring();
  }

  private warn(error: unknown): void {
    this.parts.log.warn(`what became of updates cannot be kept: ${whyFileFailed(error)}`);
  }
}

/** Another api, or the same one later, may deliver it. fetch's own errors are TypeErrors. */
function mayPass(error: unknown): error is Error {
  return (
    error instanceof Unavailable ||
    error instanceof NotThere ||
    error instanceof TypeError ||
    error instanceof DOMException ||
    (error instanceof Error && error.name === 'AbortError')
  );
}
