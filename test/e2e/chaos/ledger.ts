import { randomUUID } from 'node:crypto';
import { DISCONNECT_TIMEOUT_MS } from '../../support/cluster/cluster-configuration.js';

const EXCUSING_STALL_MS = DISCONNECT_TIMEOUT_MS / 2;

/** One decision that was asked for, and what came of it. */
export interface Asked {
  /** Given as the reason, and given to no other. */
  reason: string;
  key: string;
  node: string;
  action: string;
  tries: number;
  /** `ambiguous`: no try was answered, so nobody knows. */
  outcome: 'acknowledged' | 'refused' | 'ambiguous';
  uid?: string;
  seq?: number;
}

/** A stretch of time in which somebody could not beat, and it was not the control plane's fault. */
interface Hindrance {
  /** Whose agents: a node, or all. */
  whom: string;
  from: number;
  to: number;
}

/** A fault, from when to when. */
interface Spell {
  what: string;
  from: number;
  to: number;
}

/** The model that the cluster is checked against: all that was acknowledged, all that may have happened, and who could beat when. */
export class Ledger {
  readonly asked: Asked[] = [];
  readonly revokedTokens: string[] = [];
  /** What must never be seen, as it was seen: answers, budgets. */
  readonly seen: string[] = [];
  readonly answers = new Map<string, number>();
  readonly inflicted = new Map<string, number>();
  /** How long simulators stood still, in milliseconds. */
  readonly stalls: number[] = [];
  readonly #hindrances: Hindrance[] = [];
  readonly #timeline: Spell[] = [];
  #number = 0;

  ask(node: string, action: string): Asked {
    const asked: Asked = {
      reason: `chaos ${++this.#number}`,
      key: randomUUID(),
      node,
      action,
      tries: 0,
      outcome: 'ambiguous',
    };
    this.asked.push(asked);
    return asked;
  }

  of(outcome: Asked['outcome']): Asked[] {
    return this.asked.filter((asked) => asked.outcome === outcome);
  }

  get faults(): number {
    return [...this.inflicted.values()].reduce((sum, times) => sum + times, 0);
  }

  /** @returns what ends it */
  inflict(what: string): () => void {
    this.inflicted.set(what, (this.inflicted.get(what) ?? 0) + 1);
    const spell: Spell = { what, from: Date.now(), to: Infinity };
    this.#timeline.push(spell);
    return () => {
      spell.to = Date.now();
    };
  }

  /** The faults that were under way at some time between these, each with its seconds from the first. */
  during(from: number, to: number): string {
    const seconds = (at: number) => (Number.isFinite(at) ? ((at - from) / 1_000).toFixed(1) : 'the end');
    return this.#timeline
      .filter((spell) => spell.from <= to && spell.to >= from)
      .map((spell) => `${spell.what} (${seconds(spell.from)} to ${seconds(spell.to)} s)`)
      .join('; ');
  }

  count(answer: string): void {
    this.answers.set(answer, (this.answers.get(answer) ?? 0) + 1);
  }

  /** The machine gave somebody's agents no time to run, for so long until now. In milliseconds. Shorter stalls are no excuse. */
  noteStall(whom: string, stalledMs: number): void {
    const to = Date.now();
    if (stalledMs >= EXCUSING_STALL_MS) this.#hindrances.push({ whom, from: to - stalledMs, to });
    this.stalls.push(stalledMs);
  }

  /** @returns what ends it */
  hinder(whom: string): () => void {
    const hindrance: Hindrance = { whom, from: Date.now(), to: Infinity };
    this.#hindrances.push(hindrance);
    return () => {
      hindrance.to = Date.now();
    };
  }

  /** Whether the node's agent could not beat at some time between these. */
  wasHindered(node: string, from: number, to: number): boolean {
    return this.#hindrances.some(
      (hindrance) =>
        (hindrance.whom === node || hindrance.whom === 'all') && hindrance.from <= to && hindrance.to >= from,
    );
  }
}
