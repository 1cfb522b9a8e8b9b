// Writes the picture of a node's life, and its tables, into docs/states.md and README.md. Run it after a build, whenever
// contract/transitions.ts has changed: node scripts/state-diagram.mjs
import { readFile, writeFile } from 'node:fs/promises';
import { PHASES } from '../dist/contract/phase.js';
import { ADMIN_ACTIONS, TRANSITIONS, whyNot } from '../dist/contract/transitions.js';
import { permissionTable, replacePart, stateDiagram, transitionTable } from './render-states.mjs';

const parts = {
  'state-diagram': stateDiagram(TRANSITIONS),
  'transition-table': transitionTable(TRANSITIONS),
  'permission-table': permissionTable(PHASES, ADMIN_ACTIONS, whyNot),
};

for (const [path, names] of Object.entries({
  'README.md': ['state-diagram'],
  'docs/states.md': ['state-diagram', 'transition-table', 'permission-table'],
})) {
  const url = new URL(`../${path}`, import.meta.url);
  const before = await readFile(url, 'utf8');
  const after = names.reduce((document, name) => replacePart(document, name, parts[name]), before);
  if (after === before) continue;
  await writeFile(url, after);
  process.stderr.write(`wrote ${path}\n`);
}
