import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { INSTALLATION } from '../../../embedded/installation.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { explore } from './spin.js';

/**
 * All orders of steps and faults, at a small size: docs/reliability.md says what the model leaves out and what it found.
 * ROLLCALL_MODEL=large adds the sizes that take minutes.
 */

const MODEL = fileURLToPath(new URL('./decisions.pml', import.meta.url));
const ONE_AT_A_TIME = 'ADMINISTRATORS=1';
const isLarge = process.env['ROLLCALL_MODEL'] === 'large';

interface Check {
  title: string;
  defines: string[];
}

const HOLDS: Check[] = [
  { title: 'two administrators, and apis that die between commit and signal', defines: ['DECISIONS=3'] },
  {
    title: 'signals that arrive twice, and activities whose worker dies after it wrote, or writes when it was given up',
    defines: ['DECISIONS=3', ONE_AT_A_TIME, 'DOUBLES=1', 'ATTEMPTS_LOST=1'],
  },
  {
    title: 'a reconciler that passes while others are at work',
    defines: ['DECISIONS=3', ONE_AT_A_TIME, 'DOUBLES=1', 'EARLY_PASSES=1'],
  },
  { title: 'a name that changes hands', defines: ['DECISIONS=4', 'INCARNATIONS=2', ONE_AT_A_TIME] },
  { title: 'MongoDB restored to an earlier moment', defines: ['DECISIONS=3', ONE_AT_A_TIME, 'RESTORES=1'] },
  { title: 'a workflow reset to an earlier moment', defines: ['DECISIONS=3', ONE_AT_A_TIME, 'RESETS=1'] },
  {
    title: 'a workflow terminated by hand, and requests to start it that are late',
    defines: ['DECISIONS=3', ONE_AT_A_TIME, 'TERMINATIONS=1'],
  },
];

const HOLDS_AT_LARGE: Check[] = [
  { title: 'two administrators, and signals that arrive twice', defines: ['DECISIONS=3', 'DOUBLES=1'] },
  { title: 'two administrators, and activities whose answer is lost', defines: ['DECISIONS=3', 'ATTEMPTS_LOST=1'] },
  { title: 'two administrators, and a reconciler that passes meanwhile', defines: ['DECISIONS=3', 'EARLY_PASSES=1'] },
  { title: 'two administrators, and a name that changes hands', defines: ['DECISIONS=4', 'INCARNATIONS=2'] },
  { title: 'two administrators and four decisions', defines: ['DECISIONS=4'] },
  { title: 'two administrators, and MongoDB restored', defines: ['DECISIONS=3', 'RESTORES=1'] },
  { title: 'two administrators, and a workflow reset', defines: ['DECISIONS=3', 'RESETS=1'] },
  { title: 'two administrators, and a workflow terminated', defines: ['DECISIONS=3', 'TERMINATIONS=1'] },
];

/** What each protection is for: without it, this invariant fails. */
const NEEDED: (Check & { breaks: string })[] = [
  { title: 'the compare-and-set of a decision', defines: ['DECISIONS=3', 'WITHOUT_CAS'], breaks: 'removed is the end' },
  {
    title: 'the fence of projections',
    defines: ['DECISIONS=3', 'ATTEMPTS_LOST=1', 'WITHOUT_FENCE'],
    breaks: 'what is told never goes back',
  },
  {
    title: 'the order of decisions in the workflow',
    defines: ['DECISIONS=3', 'DOUBLES=1', 'WITHOUT_SEQ'],
    breaks: 'applied once',
  },
  { title: 'the reconciler', defines: ['DECISIONS=3', 'WITHOUT_RECONCILER'], breaks: 'no decision is lost' },
  {
    title: 'a removal that asks whether a later decision has come',
    defines: ['DECISIONS=3', 'WITHOUT_SUPERSEDED'],
    breaks: 'only who is to be removed is',
  },
  {
    title: 'ids of decisions and runs, where MongoDB is restored',
    defines: ['DECISIONS=3', ONE_AT_A_TIME, 'RESTORES=1', 'WITHOUT_HISTORIES'],
    breaks: '`applied` is said of the decision that is',
  },
  {
    title: 'ids of decisions and runs, where a workflow is reset',
    defines: ['DECISIONS=3', ONE_AT_A_TIME, 'RESETS=1', 'WITHOUT_HISTORIES'],
    breaks: 'no decision is lost',
  },
  {
    title: 'the number of the decision that was projected',
    defines: ['DECISIONS=3', ONE_AT_A_TIME, 'TERMINATIONS=1', 'WITHOUT_SEQ_OF_WHAT_IS_APPLIED'],
    breaks: 'no decision is lost',
  },
  {
    title: 'asking how a life ended',
    defines: ['DECISIONS=3', ONE_AT_A_TIME, 'RESTORES=1', 'WITHOUT_ITS_END'],
    breaks: 'what has ended stays ended',
  },
  {
    title: 'asking again where a removal was overruled by a decision that is gone',
    defines: ['DECISIONS=3', ONE_AT_A_TIME, 'RESTORES=1', 'WITHOUT_ASKING_AGAIN'],
    breaks: 'no decision is lost',
  },
  {
    title: 'the uid in signals',
    defines: ['DECISIONS=4', 'INCARNATIONS=2', ONE_AT_A_TIME, 'WITHOUT_UID'],
    breaks: "nothing of an earlier incarnation's",
  },
  {
    title: 'asking whether a node lives before an older workflow of its name is ended',
    defines: ['DECISIONS=4', 'INCARNATIONS=2', ONE_AT_A_TIME, 'WITHOUT_LATE_CALLER_CHECK'],
    breaks: 'nobody ends the workflow of a node that lives',
  },
];

const model = readFileSync(MODEL, 'utf8');

describe('no acknowledged decision is lost, each is applied once, and a removal is final, with', () => {
  test.each(isLarge ? [...HOLDS, ...HOLDS_AT_LARGE] : HOLDS)(
    '$title',
    async ({ title, defines }) => {
      const { states, broken } = await explore(MODEL, await temporaryFolder(), defines);
      expect(broken).toBeUndefined();
      console.info(`${title}: ${states} states`);
      expect(states).toBeGreaterThan(10_000);
    },
    900_000,
  );
});

describe('this fails without', () => {
  test.each(NEEDED)(
    '$title: $breaks',
    async ({ defines, breaks }) => {
      const { broken } = await explore(MODEL, await temporaryFolder(), defines);
      expect(broken).toBe(breaks);
    },
    300_000,
  );
});

test('each step names existing code', () => {
  const named = [...model.matchAll(/((?:contract|workflows|activities|src)\/[\w/.-]+\.ts) (\w+(?:, \w+)*)/g)];
  expect(named.length).toBeGreaterThan(15);
  const missing = named.flatMap(([, file = '', names = '']) => {
    const source = readFileSync(join(INSTALLATION, file), 'utf8');
    return names
      .split(', ')
      .filter(
        (name) =>
          !new RegExp(`\\b(function|class|interface|const|async|get) \\*?${name}\\b|\\b${name}\\(`).test(source),
      )
      .map((name) => `${file} ${name}`);
  });
  expect(missing).toEqual([]);
});
