import {
  HISTORY_KEPT_MS,
  HISTORY_WINDOWS,
  SHORTEST_HISTORY_MS,
  type HistoryWindow,
} from '../../../contract/history.js';
import { isoTime } from '../../../contract/iso-time.js';
import type { NodeHistory } from '../../../client/index.js';
import { momentText } from './moment-text.js';

/** What of a node's past is shown: a window that ends now, or a stretch by its ends, ISO 8601. */
export type ShownStretch = { window: HistoryWindow } | { from: string; to: string };

const WORDS: Record<HistoryWindow, string> = {
  '1h': 'the last hour',
  '24h': 'the last 24 hours',
  '7d': 'the last 7 days',
};

/** What an address asks for. What it says that means nothing is passed over. */
export function readStretch(search: string): ShownStretch {
  const params = new URLSearchParams(search);
  const [from, to] = [params.get('from'), params.get('to')].map((text) => Date.parse(text ?? ''));
  const stretch = from === undefined || to === undefined ? undefined : stretchOf(from, to);
  if (stretch) return stretch;
  return { window: HISTORY_WINDOWS.find((window) => window === params.get('window')) ?? '1h' };
}

/** The address of a request, after its `?`. */
export function writeStretch(request: ShownStretch): string {
  if ('window' in request) return request.window === '1h' ? '' : `window=${request.window}`;
  return new URLSearchParams(request).toString();
}

/**
 * A stretch as the api takes it, a minute long at least and a week at most.
 * @returns undefined where these are no moments, or not in this order
 */
export function stretchOf(from: number, to: number): { from: string; to: string } | undefined {
  if (Number.isNaN(from) || Number.isNaN(to) || to <= from) return undefined;
  const short = Math.max(0, SHORTEST_HISTORY_MS - (to - from)) / 2;
  const end = to + short;
  const begin = Math.max(from - short, end - HISTORY_KEPT_MS.minutes);
  return { from: isoTime(Math.floor(begin)), to: isoTime(Math.ceil(end)) };
}

/** The stretch in words: `the last hour`. */
export function stretchWords({ window, from, to }: Pick<NodeHistory, 'window' | 'from' | 'to'>): string {
  if (window !== null) return WORDS[window];
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  return `${momentText(begin, end - begin)} to ${momentText(end, end - begin)}`;
}
