import { randomUUID } from 'node:crypto';
import { DISCONNECT_TIMEOUT_MS } from '../../support/cluster/cluster-configuration.js';

const EXCUSING_STALL_MS = DISCONNECT_TIMEOUT_MS / 2;

/** A requested decision and its outcome. */
export interface Asked {
  /** Unique, and sent as the reason. */
  reason: string;
  key: string;
  node: string;
  action: string;
  tries: number;
  /** `ambiguous`: no attempt was answered, so the outcome is unknown. */
  outcome: 'acknowledged' | 'refused' | 'ambiguous';
  uid?: string;
  seq?: number;
}

/** A period in which agents could not beat, without a fault of the control plane. */
interface Hindrance {
  /** The node of the agent, or all. */
  whom: string;
  from: number;
  to: number;
}

/** A fault, with its beginning and end. */
interface Spell {
  what: string;
  from: number;
  to: number;
}

/** The model that the cluster is checked against: what was acknowledged, what may have happened, and who could beat when. */
export class Ledger {
  readonly asked: Asked[] = [];
  readonly revokedTokens: string[] = [];
  /** Violations as they were observed: answers, budgets. */
  readonly seen: string[] = [];
  readonly answers = new Map<string, number>();
  readonly inflicted = new Map<string, number>();
  /** How long simulators did not run, in milliseconds. */
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

  /** @returns ends it */
  inflict(what: string): () => void {
    this.inflicted.set(what, (this.inflicted.get(what) ?? 0) + 1);
    const spell: Spell = { what, from: Date.now(), to: Infinity };
    this.#timeline.push(spell);
    return () => {
      spell.to = Date.now();
    };
  }

  /** The faults between these times, each with its seconds from the first. */
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

  /** A simulator's process did not run for this long until now, in milliseconds. Shorter stalls do not count. */
  noteStall(whom: string, stalledMs: number): void {
    const to = Date.now();
    if (stalledMs >= EXCUSING_STALL_MS) this.#hindrances.push({ whom, from: to - stalledMs, to });
    this.stalls.push(stalledMs);
  }

  /** @returns ends it */
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
