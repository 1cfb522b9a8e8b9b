import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { resultTables } from '../../../bench/harness/report.js';
import { createProgram } from '../../../cli/program.js';
import { PHASES } from '../../../contract/phase.js';
import { BUILT_IN_CHECKS } from '../../../contract/fitness.js';
import { MEASURES } from '../../../contract/measures.js';
import { CONFIG_KEYS } from '../../../contract/config/config-keys.js';
import { NODE_ACTIONS } from '../../../contract/node-actions.js';
import { TRANSITIONS, whyNot, type Transition } from '../../../contract/transitions.js';
import { documentParts, readSources } from '../../../scripts/document-parts.mjs';
import { decisionRecord } from '../../../scripts/render-decision-records.mjs';
import { replacePart } from '../../../scripts/replace-part.mjs';
import { fakeTerminal } from '../../support/cli/fake-terminal.js';

const program = createProgram(fakeTerminal(), () => async () => {});
const parts = documentParts({
  transitions: TRANSITIONS,
  phases: PHASES,
  nodeActions: NODE_ACTIONS,
  configKeys: CONFIG_KEYS,
  measures: MEASURES,
  checks: BUILT_IN_CHECKS,
  whyNot,
  program,
  resultTables,
  ...(await readSources()),
});

describe('generated parts of documents are up to date (if not: npm run docs)', () => {
  test.each(
    Object.entries(parts).flatMap(([path, contents]) =>
      Object.entries(contents).map(([name, content]) => [path, name, content] as const),
    ),
  )('%s: %s', async (path, name, content) => {
    const document = await readFile(new URL(`../../../${path}`, import.meta.url), 'utf8');
    expect(replacePart(document, name, content)).toBe(document);
  });
});

describe('the diagram of the states', () => {
  const diagram = parts['docs/states.md']?.['state-diagram'] ?? '';

  test('shows every phase and every transition to another phase', () => {
    for (const phase of PHASES) expect(diagram).toContain(phase);
    const leading = Object.entries(TRANSITIONS as Record<string, Transition>).filter(([, { from, to }]) => from !== to);
    for (const [name] of leading)
      expect(diagram).toContain(name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
  });

  test('draws one arrow for what is allowed in all approved phases', () => {
    expect(diagram).toContain('APPROVED --> REJECTED: reject\n');
    expect(diagram).not.toContain('DRAINED --> REJECTED');
  });
});

describe('decision records', () => {
  const record = (head: string, end = '## Consequences\nc\n') => `${head}\n\n## Context\na\n\n## Decision\nb\n\n${end}`;
  const head = '# 1. A decision\n\n- Status: accepted\n- Date: 2026-01-31';

  test('have a number, a status, a date, a context, a decision and consequences', () => {
    expect(decisionRecord('0001-a-decision.md', record(head))).toEqual({
      file: '0001-a-decision.md',
      number: '1',
      title: 'A decision',
      status: 'accepted',
      date: '2026-01-31',
    });
  });

  test.each([
    ['without a date', '0001-a.md', record('# 1. A decision\n\n- Status: accepted')],
    ['without consequences', '0001-a.md', record(head, '')],
    ['under another number', '0002-a.md', record(head)],
  ])('%s are refused', (_, file, text) => {
    expect(() => decisionRecord(file, text)).toThrow(file);
  });
});
