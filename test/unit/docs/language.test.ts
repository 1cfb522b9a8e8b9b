import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { DOCUMENTS, ROOT } from './documents.js';

/** Documents describe the present. Git and CHANGELOG.md tell what was, and when it changed. */
const DIARY = [
  /\bthe day before\b/i,
  /\b(in|on) another (hour|day|run)\b/i,
  /\bbefore that run\b/i,
  /\bin that run\b/i,
  /\bfor long\b/i,
  // A cell with a figure and an earlier one: "27.39; 19.14 since".
  /\d;? [\d.]+ since\b/,
  /\bit was \d/i,
  /\bnot been (run|tried) (yet|again)\b/i,
];

describe('documents describe the present', () => {
  test.each(DOCUMENTS.filter((path) => path !== 'CHANGELOG.md'))('%s', (path) => {
    const lines = readFileSync(new URL(path, ROOT), 'utf8').split('\n');
    expect(lines.filter((line) => DIARY.some((phrase) => phrase.test(line)))).toEqual([]);
  });
});
