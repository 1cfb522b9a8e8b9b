import { fc } from '@fast-check/jest';
import { ADMIN_ACTIONS, type AdminAction } from '../../../contract/node-actions.js';

/** Something that happens in a node's life, or that is attempted. */
export type NodeCommand =
  | { does: 'decide'; action: AdminAction | 'register'; deadlineMs: number | undefined; terminate: boolean }
  /** An earlier decision's signal is repeated. */
  | { does: 'repeat'; which: number }
  | { does: 'beat' }
  /** The api records a heartbeat and does not forward it. */
  | { does: 'beatUnsignalled' }
  /** A heartbeat that an outage delayed. */
  | { does: 'beatLate'; byMs: number }
  | { does: 'report'; sessions: number }
  /** Another incarnation's signals. */
  | { does: 'stranger' }
  | { does: 'pass'; ms: number };

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const command: fc.Arbitrary<NodeCommand> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('decide' as const),
      action: fc.constantFrom('register' as const, ...ADMIN_ACTIONS.filter((action) => action !== 'remove')),
      deadlineMs: fc.option(fc.integer({ min: 0, max: 10 * MINUTE }), { nil: undefined }),
      terminate: fc.boolean(),
    }),
  },
  // Rarely, since it is the end.
  {
    weight: 1,
    arbitrary: fc.constant({
      does: 'decide' as const,
      action: 'remove' as const,
      deadlineMs: undefined,
      terminate: false,
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('repeat' as const), which: fc.nat() }) },
  { weight: 5, arbitrary: fc.constant({ does: 'beat' as const }) },
  { weight: 2, arbitrary: fc.constant({ does: 'beatUnsignalled' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('beatLate' as const), byMs: fc.integer({ min: 0, max: 20 * MINUTE }) }),
  },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('report' as const), sessions: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.constant({ does: 'stranger' as const }) },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('pass' as const),
      ms: fc.oneof(
        fc.integer({ min: 0, max: 50 * SECOND }),
        fc.integer({ min: 50 * SECOND, max: 7 * MINUTE }),
        fc.integer({ min: 0, max: 30 * MINUTE }),
      ),
    }),
  },
);

/** A life of up to `maxLength` commands. */
export function nodeCommands(maxLength: number): fc.Arbitrary<NodeCommand[]> {
  return fc.array(command, { minLength: Math.floor(maxLength / 2), maxLength, size: 'max' });
}
