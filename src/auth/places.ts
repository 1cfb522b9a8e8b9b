import { tooManyRequests } from './too-many-requests.js';

/** Until it is worth asking for a place again, in milliseconds. */
const WORTH_ASKING_MS = 1_000;

/** Places in an api replica that requests hold while they are open. They are limited in all and for each caller, so that no caller takes all. */
export class Places {
  private readonly held = new Map<string, number>();
  private total = 0;

  constructor(private readonly size: { all: number; each: number }) {}

  /** How many are held. */
  get taken(): number {
    return this.total;
  }

  /**
   * @param principal who takes it
   * @param what it is taken for, after the words `others` or `you`
   * @returns gives it back
   * @throws ProblemError TOO_MANY_REQUESTS
   */
  take(principal: string, what: string): () => void {
    const { all, each } = this.size;
    const own = this.held.get(principal) ?? 0;
    if (own >= each) throw tooManyRequests(`you ${what} at this api replica ${each} times already`, WORTH_ASKING_MS);
    if (this.total >= all) throw tooManyRequests(`${all} others ${what} at this api replica already`, WORTH_ASKING_MS);
    this.held.set(principal, own + 1);
    this.total += 1;
    let isHeld = true;
    return () => {
      if (isHeld) this.giveBack(principal);
      isHeld = false;
    };
  }

  private giveBack(principal: string): void {
    const own = this.held.get(principal) ?? 0;
    if (own > 1) this.held.set(principal, own - 1);
    else this.held.delete(principal);
    this.total -= 1;
  }
}
