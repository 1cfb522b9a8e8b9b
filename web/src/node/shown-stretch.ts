import {
  HISTORY_KEPT_MS,
  HISTORY_WINDOWS,
  SHORTEST_HISTORY_MS,
  type HistoryWindow,
} from '../../../contract/history.js';
import { isoTime } from '../../../contract/iso-time.js';
import type { NodeHistory } from '../../../client/index.js';
import { momentText } from './moment-text.js';

/** The shown part of a node's past: a range that ends now, or one with both ends in ISO 8601. */
export type ShownStretch = { window: HistoryWindow } | { from: string; to: string };

const WORDS: Record<HistoryWindow, string> = {
  '1h': 'the last hour',
  '24h': 'the last 24 hours',
  '7d': 'the last 7 days',
};

/** Parses an address, and ignores invalid parts. */
export function readStretch(search: string): ShownStretch {
  const params = new URLSearchParams(search);
  const [from, to] = [params.get('from'), params.get('to')].map((text) => Date.parse(text ?? ''));
  const stretch = from === undefined || to === undefined ? undefined : stretchOf(from, to);
  if (stretch) return stretch;
  return { window: HISTORY_WINDOWS.find((window) => window === params.get('window')) ?? '1h' };
}

/** Query string of the range. */
export function writeStretch(request: ShownStretch): string {
  if ('window' in request) return request.window === '1h' ? '' : `window=${request.window}`;
  return new URLSearchParams(request).toString();
}

/**
 * A range as the api accepts it, at least a minute and at most a week long.
 * @returns undefined if these are no times, or in the wrong order
 */
export function stretchOf(from: number, to: number): { from: string; to: string } | undefined {
  if (Number.isNaN(from) || Number.isNaN(to) || to <= from) return undefined;
  const short = Math.max(0, SHORTEST_HISTORY_MS - (to - from)) / 2;
  const end = to + short;
  const begin = Math.max(from - short, end - HISTORY_KEPT_MS.minutes);
  return { from: isoTime(Math.floor(begin)), to: isoTime(Math.ceil(end)) };
}

/** The range in words: `the last hour`. */
export function stretchWords({ window, from, to }: Pick<NodeHistory, 'window' | 'from' | 'to'>): string {
  if (window !== null) return WORDS[window];
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  return `${momentText(begin, end - begin)} to ${momentText(end, end - begin)}`;
}
