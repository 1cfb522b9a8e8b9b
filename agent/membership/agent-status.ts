import type { ReportedCondition } from '../../client/index.js';

/** What this process last heard of its node from the cluster, for those who ask on this machine. */
export class AgentStatus {
  private node: string | null = null;
  private words = 'has not joined yet';
  private taken = false;

  /**
   * @param tell hears of each change, in words
   * @param heard hears once that the api has taken a heartbeat
   * @param conditions what the node's checks say
   */
  constructor(
    private readonly tell: (words: string) => void = () => {},
    private heard?: (() => void) | undefined,
    private readonly conditions: () => readonly ReportedCondition[] = () => [],
  ) {}

  /** @param taken whether the api took this process's last heartbeat */
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
