import type { ReportedCondition } from '../../client/index.js';

/** What this process last heard of its node from the cluster, for local requests. */
export class AgentStatus {
  private node: string | null = null;
  private words = 'has not joined yet';
  private taken = false;

  /**
   * @param tell called with a description of each change
   * @param heard called once, when the api has accepted a heartbeat
   * @param conditions results of the node's checks
   */
  constructor(
    private readonly tell: (words: string) => void = () => {},
    private heard?: (() => void) | undefined,
    private readonly conditions: () => readonly ReportedCondition[] = () => [],
  ) {}

  /** @param taken whether the api accepted this process's last heartbeat */
  set(node: string, words: string, taken: boolean): void {
    const isNew = words !== this.words || node !== this.node;
    this.node = node;
    this.words = words;
    this.taken = taken;
    if (taken) this.heard?.();
    if (taken) this.heard = undefined;
    if (isNew) this.tell(words);
  }

  /** For JSON. */
  get report(): {
    node: string | null;
    heartbeatTaken: boolean;
    summary: string;
    conditions: readonly ReportedCondition[];
  } {
    return { node: this.node, heartbeatTaken: this.taken, summary: this.words, conditions: this.conditions() };
  }
}
