import { useState } from 'react';
import { keep, kept } from '../parts/kept.js';
import { readParams, writeParams } from './list-params.js';

/** A list that somebody gave a name to: filter, order and page size, as its address has them. */
export interface SavedView {
  name: string;
  search: string;
}

const KEY = 'rollcall.nodes.views';
const MOST = 50;
export const LONGEST_NAME = 60;

/** What is no view is passed over, as is what means nothing in an address. */
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

/** The address without the page that one is on. */
export function viewOf(search: string): string {
  return writeParams({ ...readParams(search), cursor: '' });
}

export interface SavedViews {
  views: readonly SavedView[];
  /** A view of the same name is replaced. @returns why it could not be saved, in a sentence */
  save: (name: string, search: string) => string | undefined;
  remove: (name: string) => void;
}

/** Kept on this machine. */
export function useSavedViews(): SavedViews {
  const [views, setViews] = useState(() => readViews(kept('localStorage', KEY)));
  const change = (next: SavedView[]) => {
    setViews(next);
    keep('localStorage', KEY, next);
  };
  return {
    views,
    save: (name, search) => {
      if (name === '') return 'Give it a name.';
      // Another tab may have saved some since.
      const others = readViews(kept('localStorage', KEY)).filter((view) => view.name !== name);
      if (others.length >= MOST) return `There are ${MOST} already: remove one first.`;
      const next = [...others, { name, search: viewOf(search) }];
      change(next.toSorted((a, b) => a.name.localeCompare(b.name)));
      return undefined;
    },
    remove: (name) => change(readViews(kept('localStorage', KEY)).filter((view) => view.name !== name)),
  };
}
