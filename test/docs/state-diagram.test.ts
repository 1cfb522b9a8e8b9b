import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { PHASES } from '../../contract/phase.js';
import { ADMIN_ACTIONS, TRANSITIONS, whyNot } from '../../contract/transitions.js';
import { permissionTable, replacePart, stateDiagram, transitionTable } from '../../scripts/render-states.mjs';

const PARTS: Record<string, string> = {
  'state-diagram': stateDiagram(TRANSITIONS),
  'transition-table': transitionTable(TRANSITIONS),
  'permission-table': permissionTable(PHASES, ADMIN_ACTIONS, whyNot),
};

describe('what the documentation says of states is what the transition table says', () => {
  test.each([
    ['README.md', 'state-diagram'],
    ['docs/states.md', 'state-diagram'],
    ['docs/states.md', 'transition-table'],
    ['docs/states.md', 'permission-table'],
  ])('%s: %s (if not, run: npm run build && node scripts/state-diagram.mjs)', async (path, part) => {
    const document = await readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
    expect(replacePart(document, part, PARTS[part] ?? '')).toBe(document);
  });
});

describe('the picture', () => {
  const diagram = PARTS['state-diagram'] ?? '';

  test('shows every phase and every transition', () => {
    for (const phase of PHASES) expect(diagram).toContain(phase);
    for (const name of Object.keys(TRANSITIONS)) expect(diagram).toContain(name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
  });

  test('draws one arrow for what all approved nodes take', () => {
    expect(diagram).toContain('APPROVED --> REJECTED: reject\n');
    expect(diagram).not.toContain('DRAINED --> REJECTED');
  });
});
