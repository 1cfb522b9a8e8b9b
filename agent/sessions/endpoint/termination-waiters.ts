import type { Termination } from '../external-sessions.js';

/** How often to look whether a termination is to be repeated, in milliseconds. */
const LOOK_EVERY_MS = 1_000;

/** Engines that wait for sessions to end. All are told the same: each knows which sessions are its own. */
export class TerminationWaiters {
  private readonly waiting = new Set<(told: Termination[]) => void>();
  private timer: NodeJS.Timeout | undefined;

  /** @param toTell returns what engines have not been told lately */
  constructor(private readonly toTell: () => Termination[]) {}

  /** Resolves with the terminations as soon as there are any; with none after `ms`, or when `gone` is aborted. */
  async wait(ms: number, gone: AbortSignal): Promise<Termination[]> {
    const told = await new Promise<Termination[]>((resolve) => {
      const timer = setTimeout(() => answer([]), ms);
      const answer = (terminations: Termination[]) => {
        clearTimeout(timer);
        this.waiting.delete(answer);
        resolve(terminations);
      };
      gone.addEventListener('abort', () => answer([]), { once: true });
      this.waiting.add(answer);
      this.look();
    });
    if (this.waiting.size === 0) this.rest();
    return told;
  }

  /** Called when there may be something to tell. */
  look(): void {
    if (this.waiting.size === 0) return;
    this.timer ??= setInterval(() => this.look(), LOOK_EVERY_MS);
    const told = this.toTell();
    if (told.length > 0) for (const answer of this.waiting) answer(told);
  }

  /** Ends all waiting. */
  release(): void {
    for (const answer of this.waiting) answer([]);
    this.rest();
  }

  private rest(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
