import { z } from 'zod';
import { ON_DEADLINE } from '../decision.js';
import { CHECK_NAME_PATTERN } from '../fitness.js';
import { CONDITION_POLICIES } from '../quarantine.js';
import { key } from './key-about.js';
import { duration } from './key-types.js';

const budget = z
  .union([z.string(), z.number().transform(String)])
  .refine(
    (text) => /^(?:[1-9]\d{0,6}|(?:[1-9]\d?|100)%)$/.test(text),
    'a budget is a count of at least 1, such as 3, or a part, such as 10%',
  );

const rule = z
  .strictObject({
    Policy: z.enum(CONDITION_POLICIES),
    Deadline: duration('0', { means: 'how long running sessions may take in its drain; 0 is without limit' }),
    OnDeadline: z.enum(ON_DEADLINE).default('wait'),
    For: duration('0', { means: 'how long it has to say UNFIT' }, { max: '1d' }),
    ReturnAfter: duration('5m', { means: 'how long it has to pass' }, { max: '7d' }),
  })
  .superRefine(({ Policy, Deadline }, context) => {
    if (Deadline > 0 && Policy !== 'drain')
      context.addIssue({ code: 'custom', path: ['Deadline'], message: 'only a drain has one' });
  });

/** A policy alone may be written as its name; environment and flags give the whole map as JSON. */
function written(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (!value.startsWith('{')) return { Policy: value };
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Consequences of the results of nodes' checks. */
export const conditionKeys = z.strictObject({
  Policies: key(
    z.record(z.string().regex(CHECK_NAME_PATTERN, 'the name of a check'), z.preprocess(written, rule)).default({}),
    {
      means:
        'name of a check: what becomes of a node of which it says UNFIT (`Policy`: `note`, `noNewSessions` or `drain`, with `Deadline` and `OnDeadline`), how long it has to say so (`For`) and to pass until the node comes back (`ReturnAfter`, 5m)',
      unset: 'all are noted',
      see: 'adr/0048-a-failed-check-takes-a-node-out-within-a-budget.md',
    },
  ),
  Budget: key(budget.default('10%'), {
    means: 'how many nodes checks may have taken out at once: a count, or a part of the approved nodes; at least one',
    unit: 'nodes',
  }),
  LabelBudgets: key(z.record(z.string().min(1).max(63), budget).default({}), {
    means: 'name of a label: how many nodes of each of its values, likewise',
    unset: 'the whole fleet alone counts',
  }),
});
