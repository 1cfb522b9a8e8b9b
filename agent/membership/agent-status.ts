/** What this process last heard of its node from the cluster, for whoever asks on this machine. */
export class AgentStatus {
  private node: string | null = null;
  private words = 'has not joined yet';
  private taken = false;

  /** @param tell hears of each change, in words */
  constructor(private readonly tell: (words: string) => void = () => {}) {}

  /** @param taken whether the api took this process's last heartbeat */
  set(node: string, words: string, taken: boolean): void {
    const isNew = words !== this.words || node !== this.node;
    this.node = node;
    this.words = words;
    this.taken = taken;
    if (isNew) this.tell(words);
  }

  /** For JSON. */
  get report(): { node: string | null; heartbeatTaken: boolean; summary: string } {
    return { node: this.node, heartbeatTaken: this.taken, summary: this.words };
  }
}
