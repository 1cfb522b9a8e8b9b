import { InvalidArgumentError } from '@commander-js/extra-typings';
import { parseDuration } from '../../contract/duration.js';
import { NODE_NAME_PATTERN } from '../../contract/node-name.js';
import { FAULT_KINDS, type FaultKind, type FleetFault } from '../../contract/simulation.js';

const MAX_NODES = 100_000;
const FAULT_SYNTAX = /^([a-z]+):(\d+(?:\.\d+)?)%(?:@([0-9a-z.]+))?(?:([+-])([0-9a-z.]+))?$/;
const NEEDS_SPAN: readonly FaultKind[] = ['miss', 'return', 'skew'];

/** How many nodes to simulate. */
export function nodeCount(text: string): number {
  return wholeNumber(text, MAX_NODES);
}

/** Maximum number of concurrent requests. */
export function connectionCount(text: string): number {
  return wholeNumber(text, 10_000);
}

/** Any integer that can be a seed. */
export function seedNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is a whole number from 0 to 999999999.');
  return Number(text);
}

/** Starts per second; null for `all`, at once. */
export function joinRate(text: string): number | null {
  if (text === 'all') return null;
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value <= 0 || value > 100_000)
    throw new InvalidArgumentError('It is how many start in a second, as in 50, or "all" for all at once.');
  return value;
}

/** Prefix of the simulated nodes' names. */
export function namePrefix(text: string): string {
  if (!NODE_NAME_PATTERN.test(`${text}${MAX_NODES}`))
    throw new InvalidArgumentError('With a number behind it, it must be the name of a node, as sim- is in sim-1.');
  return text;
}

/** `die:1%@1m`; repeatable. */
export function fleetFault(text: string, earlier: FleetFault[] = []): FleetFault[] {
  const [, kind, percent, at, sign, span] = FAULT_SYNTAX.exec(text) ?? [];
  if (!isFaultKind(kind))
    throw new InvalidArgumentError(
      `Write it as KIND:SHARE%@AFTER+FOR, as in miss:5%@1m+30s; KIND is one of ${FAULT_KINDS.join(', ')}.`,
    );
  const share = Number(percent) / 100;
  if (!(share > 0 && share <= 1)) throw new InvalidArgumentError('The share is above 0% and at most 100%.');
  if (earlier.reduce((sum, fault) => sum + fault.share, share) > 1)
    throw new InvalidArgumentError('The shares of all faults are more than the whole fleet: no node has two.');
  const [atMs, forMs] = [parseDuration(at ?? '0s'), parseDuration(span ?? '0s')];
  if (atMs === undefined || forMs === undefined) throw new InvalidArgumentError('Write times as 30s, 15m or 1h30m.');
  if (NEEDS_SPAN.includes(kind) !== forMs > 0) {
    throw new InvalidArgumentError(
      forMs > 0
        ? `${kind} has no end: leave out what follows the +.`
        : `${kind} needs to be told ${kind === 'skew' ? 'by how much (+5m ahead, -5m behind)' : 'for how long (+30s)'}.`,
    );
  }
  if (sign === '-' && kind !== 'skew') throw new InvalidArgumentError('Only a clock can be off by less than nothing.');
  return [...earlier, { kind, share, atMs, forMs: sign === '-' ? -forMs : forMs }];
}

function isFaultKind(text: string | undefined): text is FaultKind {
  return FAULT_KINDS.some((kind) => kind === text);
}

function wholeNumber(text: string, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > most)
    throw new InvalidArgumentError(`It is a whole number from 1 to ${most}.`);
  return value;
}
