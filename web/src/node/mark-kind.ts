import { HISTORY_MARKS, type HistoryMark } from '../../../contract/history.js';

export type MarkKind = (typeof HISTORY_MARKS)[HistoryMark];

/** How marks of each kind are drawn, so that they differ in more than their colours. */
export const MARK_STYLES: Record<MarkKind, { colour: string; dash: number[]; word: string }> = {
  decision: { colour: '--page-ok', dash: [], word: 'decision' },
  drain: { colour: '--page-warn', dash: [6, 3], word: 'drain' },
  restart: { colour: '--page-idle', dash: [2, 2], word: 'start' },
};

export function markKind(type: HistoryMark): MarkKind {
  return HISTORY_MARKS[type];
}
