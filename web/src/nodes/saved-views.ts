import { useState } from 'react';
import { keep, kept } from '../parts/kept.js';
import { readParams, writeParams } from './list-params.js';

/** A named list: filter, order and page size, as in its address. */
export interface SavedView {
  name: string;
  search: string;
}

const KEY = 'rollcall.nodes.views';
const MOST = 50;
export const LONGEST_NAME = 60;

/** Ignores what is no view, or has no meaning in an address. */
export function readViews(stored: unknown): SavedView[] {
  if (!Array.isArray(stored)) return [];
  return stored
    .flatMap((entry: unknown) => {
      const { name, search } = (typeof entry === 'object' && entry !== null ? entry : {}) as Partial<SavedView>;
      if (typeof name !== 'string' || name === '' || typeof search !== 'string') return [];
      return [{ name: name.slice(0, LONGEST_NAME), search: viewOf(search) }];
    })
    .slice(0, MOST);
}

/** The address without the cursor. */
export function viewOf(search: string): string {
  return writeParams({ ...readParams(search), cursor: '' });
}

export interface SavedViews {
  views: readonly SavedView[];
  /** Replaces a view of the same name. @returns why it could not be saved, as a sentence */
  save: (name: string, search: string) => string | undefined;
  remove: (name: string) => void;
}

/** Stored in this browser. */
export function useSavedViews(): SavedViews {
  const [views, setViews] = useState(() => readViews(kept('localStorage', KEY)));
  const change = (next: SavedView[]) => {
    setViews(next);
    keep('localStorage', KEY, next);
  };
  return {
    views,
    save: (name, search) => {
      if (name === '') return 'Enter a name.';
      // Another tab may have saved some meanwhile.
      const others = readViews(kept('localStorage', KEY)).filter((view) => view.name !== name);
      if (others.length >= MOST) return `There are already ${MOST}: delete one first.`;
      const next = [...others, { name, search: viewOf(search) }];
      change(next.toSorted((a, b) => a.name.localeCompare(b.name)));
      return undefined;
    },
    remove: (name) => change(readViews(kept('localStorage', KEY)).filter((view) => view.name !== name)),
  };
}
