import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { resultTables } from '../../bench/harness/report.js';
import { createProgram } from '../../cli/program.js';
import { PHASES } from '../../contract/phase.js';
import { ADMIN_ACTIONS, TRANSITIONS, whyNot } from '../../contract/transitions.js';
import { documentParts, readSources } from '../../scripts/document-parts.mjs';
import { replacePart } from '../../scripts/replace-part.mjs';
import { fakeTerminal } from '../cli/fake-terminal.js';

const program = createProgram(fakeTerminal(), () => async () => {});
const parts = documentParts({ transitions: TRANSITIONS, phases: PHASES, actions: ADMIN_ACTIONS, whyNot, program, resultTables, ...(await readSources()) });

describe('what documents take from code and from bench/results is what these say (if not: npm run docs)', () => {
  test.each(Object.entries(parts).flatMap(([path, contents]) => Object.entries(contents).map(([name, content]) => [path, name, content] as const)))('%s: %s', async (path, name, content) => {
    const document = await readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
    expect(replacePart(document, name, content)).toBe(document);
  });
});

describe('the picture of the states', () => {
  const diagram = parts['docs/states.md']?.['state-diagram'] ?? '';

  test('shows every phase and every transition', () => {
    for (const phase of PHASES) expect(diagram).toContain(phase);
    for (const name of Object.keys(TRANSITIONS)) expect(diagram).toContain(name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
  });

  test('draws one arrow for what all approved nodes take', () => {
    expect(diagram).toContain('APPROVED --> REJECTED: reject\n');
    expect(diagram).not.toContain('DRAINED --> REJECTED');
  });
});
