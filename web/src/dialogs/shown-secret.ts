import type { BootstrapTokenResponse, Install } from '../../../client/index.js';

/** A token and its explanation, while it can be shown. */
export interface ShownSecret {
  /** `Bootstrap token` */
  name: string;
  text: string;
  /** `It works once` */
  works: string;
  /** null: it never expires. */
  expiresAt: string | null;
  /** What its bearer can do, as a sentence. */
  whoever: string;
  /** What to do when it is lost, as a sentence. */
  lost: string;
  /** How to join a machine with it; null if it joins none. */
  install: Install | null;
}

/** For a slot: one node joins with it. */
export function bootstrapSecret({ bootstrapToken, expiresAt, install }: BootstrapTokenResponse): ShownSecret {
  return {
    name: 'Bootstrap token',
    text: bootstrapToken,
    works: 'It works once',
    expiresAt,
    whoever: 'Anyone who has it can join as this node.',
    lost: 'If it is lost, regenerate it; this one then stops working.',
    install,
  };
}
