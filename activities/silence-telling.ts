import type { EpochMs } from '../contract/states.js';
import type { SilenceSweepPorts, SilentNode } from './silence-sweep-activities.js';

/** Maximum number of signals in flight. */
const AT_ONCE = 16;
/** Delay before a lifecycle is told again if its liveness has not changed, in milliseconds. */
const TOLD_AGAIN_AFTER_MS = 10_000;
/** Attempts for one lifecycle in a sweep; after that its own timer or the next sweep finds it. */
const TRIES = 6;

/** Signals silence to any number of lifecycles. One that fails is retried and does not delay the others. */
export class SilenceTelling {
  readonly #told = new Map<string, EpochMs>();
  readonly #failed = new Map<string, { node: SilentNode; tries: number; at: EpochMs }>();
  #unansweredInARow = 0;

  /** @param beat called with each node that was told; an error thrown from it ends the telling */
  constructor(
    private readonly notice: SilenceSweepPorts['notice'],
    private readonly beat: () => void,
  ) {}

  /**
   * @param nodes in the order of their uids
   * @param reached called repeatedly with the last node up to which all were told
   * @throws where Temporal answers none of many signals
   */
  async tell(
    nodes: readonly SilentNode[],
    now: EpochMs,
    reached: (node: SilentNode) => void = () => undefined,
  ): Promise<void> {
    for (const [uid, at] of this.#told) if (now >= at + TOLD_AGAIN_AFTER_MS) this.#told.delete(uid);
    const isDone = new Set<number>();
    let allDone = 0;
    const rest = nodes.entries();
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, nodes.length) }, async () => {
        for (const [index, node] of rest) {
          if (!this.#told.has(node.uid)) await this.#tryToTell(node, now);
          isDone.add(index);
          for (; isDone.delete(allDone); allDone += 1) reached(nodes[allDone] ?? node);
          this.beat();
        }
      }),
    );
  }

  /** Lifecycles whose last signal failed. */
  async tellAgain(now: EpochMs): Promise<void> {
    const due = [...this.#failed.values()].filter(({ at }) => now >= at + TOLD_AGAIN_AFTER_MS);
    await this.tell(
      due.map(({ node }) => node),
      now,
    );
  }

  async #tryToTell(node: SilentNode, now: EpochMs): Promise<void> {
    let took = false;
    try {
      took = await this.notice(node);
      this.#unansweredInARow = 0;
    } catch (error) {
      this.#unansweredInARow += 1;
      if (this.#unansweredInARow >= AT_ONCE) throw error;
    }
    this.#told.set(node.uid, now);
    const tries = (this.#failed.get(node.uid)?.tries ?? 0) + 1;
    if (took || tries >= TRIES) this.#failed.delete(node.uid);
    else this.#failed.set(node.uid, { node, tries, at: now });
  }
}
