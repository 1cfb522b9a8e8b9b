import type { IconName } from '../parts/icon.js';

/** A result: a page, a command, or something in the cluster. */
export interface PaletteResult {
  /** Unique among all results. */
  id: string;
  group: string;
  label: string;
  /** Further description. */
  about?: string | undefined;
  icon: IconName;
  /** Why it cannot be chosen. */
  whyNot?: string | undefined;
  choose: () => void;
}

/** Whether each word of the input is contained in one of these texts, ignoring case. */
export function matches(typed: string, ...texts: readonly (string | null | undefined)[]): boolean {
  const text = texts.join(' ').toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
