import type { BootstrapTokenResponse, Install } from '../../../client/index.js';

/** A token with what is said beside it, while it can be seen. */
export interface ShownSecret {
  /** `Bootstrap token` */
  name: string;
  text: string;
  /** `It works one time` */
  works: string;
  /** null: it never expires. */
  expiresAt: string | null;
  /** What whoever has it can do, in a sentence. */
  whoever: string;
  /** What to do once it is lost, in a sentence. */
  lost: string;
  /** How a machine is made a node by it; null where it makes none. */
  install: Install | null;
}

/** Of a slot: one node joins with it. */
export function bootstrapSecret({ bootstrapToken, expiresAt, install }: BootstrapTokenResponse): ShownSecret {
  return {
    name: 'Bootstrap token',
    text: bootstrapToken,
    works: 'It works one time',
    expiresAt,
    whoever: 'Whoever has it can join as this node.',
    lost: 'If it is lost, regenerate it: this one stops working then.',
    install,
  };
}
