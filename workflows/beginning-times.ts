import type { DrainSetInput } from '../contract/drain-set.js';
import type { WindowLook } from '../contract/maintenance-window.js';
import type { EpochMs } from '../contract/states.js';

/** When nodes of a drain set may begin to drain: from a moment on, and while a maintenance window is open. */
export class BeginningTimes {
  /** No node begins before; undefined once that has come. */
  #notBefore: EpochMs | undefined;
  readonly #window: string | undefined;
  /** As the record last had the window. */
  #look: WindowLook = {};
  /** The record may know more of the window. */
  #mayHaveChanged = true;

  constructor({ notBefore, window }: Pick<DrainSetInput, 'notBefore' | 'window'>) {
    this.#notBefore = notBefore;
    this.#window = window;
  }

  get isNow(): boolean {
    return this.#notBefore === undefined && (this.#window === undefined || this.#look.until !== undefined);
  }

  /** When the first node may begin; undefined where that is over. */
  get beginsAt(): EpochMs | undefined {
    return this.#notBefore;
  }

  /** That moment has come. */
  begin(): void {
    this.#notBefore = undefined;
  }

  /** Whether the record is to be asked for the window. */
  get mustLook(): boolean {
    return this.#window !== undefined && this.#notBefore === undefined && this.#mayHaveChanged;
  }

  /** The window has opened or was changed. */
  changed(): void {
    this.#mayHaveChanged = true;
  }

  /** The record is being asked: what changes from now on may be missing in its answer. */
  looking(): void {
    this.#mayHaveChanged = false;
  }

  /** The record's answer. An end that has passed by the clock of the workflow is one. @returns whether it is news */
  learn({ until, ...look }: WindowLook, now: EpochMs): boolean {
    const before = JSON.stringify(this.#look);
    this.#look = { ...look, ...(until !== undefined && until > now && { until }) };
    return JSON.stringify(this.#look) !== before;
  }

  /** When the window closes; undefined where it is not open. */
  get closesAt(): EpochMs | undefined {
    return this.#look.until;
  }

  /** That moment has come: when it opens next is to be asked for. */
  close(): void {
    this.#look = {};
    this.#mayHaveChanged = true;
  }

  /** The window, and what is known of it; undefined where nodes begin at any time. */
  get window(): (WindowLook & { name: string }) | undefined {
    return this.#window === undefined ? undefined : { name: this.#window, ...this.#look };
  }
}
