import type { IconName } from '../parts/icon.js';

/** Something that was found: a page, a command, or a thing of the cluster. */
export interface PaletteResult {
  /** Unique among all results. */
  id: string;
  group: string;
  label: string;
  /** What else there is to say of it. */
  about?: string | undefined;
  icon: IconName;
  /** Why it cannot be chosen. */
  whyNot?: string | undefined;
  choose: () => void;
}

/** Whether each word of what was typed stands somewhere in these texts, whatever its case. */
export function matches(typed: string, ...texts: readonly (string | null | undefined)[]): boolean {
  const text = texts.join(' ').toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
