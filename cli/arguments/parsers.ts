import { InvalidArgumentError } from '@commander-js/extra-typings';
import { FITNESSES } from '../../contract/fitness.js';
import { AGENT_VERSION_PATTERN, MAX_DRAIN_SET_NODES, MAX_UNAVAILABLE } from '../../contract/drain-set.js';
import { parseDuration } from '../../contract/duration.js';
import { isoTime } from '../../contract/iso-time.js';
import { NAME_PATTERN_SYNTAX, RESOURCE_NAME_SYNTAX } from '../../contract/name-pattern.js';
import { MOST_SEARCH_LENGTH, MOST_SEARCH_WORDS, searchWords } from '../../contract/node-order.js';
import type { EpochMs } from '../../contract/states.js';
import { NODE_NAME_PATTERN } from '../../contract/node-name.js';
import { FROM_STDIN } from '../arguments/ids-from.js';

/** Parsers of arguments. commander reports what they refuse with the option's name and exit code 2. */

/** Maximum number of workers that a support bundle reads, one after the other. */
const MOST_WORKERS = 32;

/** A node's id, checked so that nothing else becomes part of an address. */
export function nodeId(text: string): string {
  if (!NODE_NAME_PATTERN.test(text)) {
    throw new InvalidArgumentError(
      'A node id has 1 to 63 lower-case letters, digits, dots or hyphens, and begins and ends with a letter or digit.',
    );
  }
  return text;
}

/** Ids of nodes; repeatable. */
export function nodeNames(text: string, earlier: string[] = []): string[] {
  return [...earlier, nodeId(text)];
}

/** Ids of nodes, or a hyphen for those on standard input; repeatable. */
export function nodeIds(text: string, earlier: string[] = []): string[] {
  return [...earlier, text === FROM_STDIN ? text : nodeId(text)];
}

export const MOST_NAME_LENGTH = 63;

/** A context's name. */
export function contextNameText(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(text) || text.length > MOST_NAME_LENGTH)
    throw new InvalidArgumentError('It has 1 to 63 letters, digits, dots, hyphens or underscores.');
  return text;
}

/** The name of a maintenance window or an approval rule, checked so that nothing else becomes part of an address. */
export function resourceName(text: string): string {
  if (!RESOURCE_NAME_SYNTAX.test(text))
    throw new InvalidArgumentError('It has 1 to 63 lower-case letters, digits or hyphens.');
  return text;
}

/** Names, or a hyphen for those on standard input; repeatable. */
export function resourceNames(text: string, earlier: string[] = []): string[] {
  return [...earlier, text === FROM_STDIN ? text : resourceName(text)];
}

/** A duration, passed to the api as text. */
export function durationText(text: string): string {
  durationMs(text);
  return text;
}

/** A duration in milliseconds. */
export function durationMs(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError('Write it as 30s, 15m or 1h30m.');
  return ms;
}

/** How {@link moment} is written. */
export const MOMENT = '2027-01-31, 2027-01-31T12:00:00Z, or 24h for so long ago';

/** A time, or how long ago it was, in milliseconds. */
type Moment = { at: number } | { agoMs: number };

/** A date or time in ISO 8601 (UTC without a time zone), or a duration before now. */
export function moment(text: string): Moment {
  const agoMs = parseDuration(text);
  if (agoMs !== undefined) return { agoMs };
  const [, time, zone] =
    /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)?(Z|[+-]\d{2}:\d{2})?$/.exec(text) ?? [];
  const at = /^\d{4}-/.test(text)
    ? Date.parse(time === undefined || zone !== undefined ? text : `${text}Z`)
    : Number.NaN;
  if (Number.isNaN(at)) throw new InvalidArgumentError(`Write it as ${MOMENT}.`);
  return { at };
}

/** The form that the api accepts. */
export function momentOf(when: Moment, now: EpochMs): string {
  return isoTime('at' in when ? when.at : now - when.agoMs);
}

/** Words to search nodes for. */
export function search(text: string): string {
  if (text.length > MOST_SEARCH_LENGTH || searchWords(text).length > MOST_SEARCH_WORDS)
    throw new InvalidArgumentError(`At most ${MOST_SEARCH_WORDS} words, ${MOST_SEARCH_LENGTH} characters in all.`);
  return text;
}

/** `pool=a`; repeatable. */
export function labelPair(text: string, earlier: Record<string, string> = {}): Record<string, string> {
  const pair = keyAndValue(text);
  if (pair === undefined) throw new InvalidArgumentError('Write it as key=value.');
  return { ...earlier, ...pair };
}

/** Labels to set, with null for those to remove: `pool=a`, `zone-`; repeatable. */
export function labelChanges(text: string, earlier: Record<string, string | null> = {}): Record<string, string | null> {
  const [, gone] = /^([^=\s]+)-$/.exec(text) ?? [];
  if (gone !== undefined) return { ...earlier, [gone]: null };
  const pair = keyAndValue(text);
  if (pair === undefined) throw new InvalidArgumentError('Write it as key=value, or key- to take it away.');
  return { ...earlier, ...pair };
}

function keyAndValue(text: string): Record<string, string> | undefined {
  const [, key, value] = /^([^=\s]+)=(\S*)$/.exec(text) ?? [];
  return key === undefined || value === undefined ? undefined : { [key]: value };
}

/** `pool=a,zone=b`; repeatable. */
export function labelPairs(text: string, earlier: Record<string, string> = {}): Record<string, string> {
  return text.split(',').reduce((pairs, part) => labelPair(part, pairs), earlier);
}

/** `pool=a,zone`: each term is a key or key=value that a node must have; repeatable. */
export function labelFilters(text: string, earlier: string[] = []): string[] {
  const parts = text.split(',');
  if (!parts.every((part) => /^[^=\s]+(=\S*)?$/.test(part)))
    throw new InvalidArgumentError('Write it as key=value,key=value.');
  return [...earlier, ...parts];
}

/** `disk` or `disk=UNKNOWN`; repeatable. */
export function condition(text: string, earlier: string[] = []): string[] {
  const [, type, status = 'UNFIT'] = /^([a-z][a-z0-9-]*)(?:=(\w+))?$/.exec(text) ?? [];
  const fitness = FITNESSES.find((value) => value === status.toUpperCase());
  if (type === undefined || fitness === undefined)
    throw new InvalidArgumentError(`Write it as the name of a check, or as NAME=${FITNESSES.join(' or NAME=')}.`);
  return [...earlier, `${type}=${fitness}`];
}

/** `10.0.0.7:9464`, or an address with http:// or https://; repeatable. */
export function workerAddress(text: string, earlier: string[] = []): string[] {
  const address = /^https?:\/\//.test(text) ? text : `http://${text}`;
  if (!URL.canParse(address) || !/^https?:\/\/(\[[0-9a-f:]+\]|[A-Za-z0-9.-]+):\d{1,5}\/?$/.test(address))
    throw new InvalidArgumentError('Write it as address:port, such as 10.0.0.7:9464.');
  if (earlier.length === MOST_WORKERS) throw new InvalidArgumentError(`At most ${MOST_WORKERS} of them.`);
  return [...earlier, new URL(address).origin];
}

/** @returns a parser of whole numbers within these bounds */
export function numberWithin(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
    return value;
  };
}

export const limit = numberWithin(1, 10_000);

/** How many nodes may be unavailable at once: a number, or a share such as 25%. */
export function unavailableCount(text: string): number | string {
  if (/^([1-9]\d?|100)%$/.test(text)) return text;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > MAX_UNAVAILABLE)
    throw new InvalidArgumentError(`It is a whole number from 1 to ${MAX_UNAVAILABLE}, or a share from 1% to 100%.`);
  return value;
}

/** A version of the agent. */
export function version(text: string): string {
  if (!AGENT_VERSION_PATTERN.test(text)) throw new InvalidArgumentError('Write it as 1.2.3.');
  return text;
}

/** The number of failures at which an agent update is held. */
export const failureCount = numberWithin(1, MAX_DRAIN_SET_NODES);

/** Number of cores, which may have a fraction. */
export function cores(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value < 0.01 || value > 4_096)
    throw new InvalidArgumentError('It is a number of cores from 0.01 to 4096, as in 0.5.');
  return value;
}

export const gpuCount = numberWithin(0, 64);

const SIZES = {
  '': 1,
  KiB: 1_024,
  MiB: 1_024 ** 2,
  GiB: 1_024 ** 3,
  TiB: 1_024 ** 4,
  KB: 1_000,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
};

/** Bytes, written as a size such as `512MiB`, `1.5GiB` or `2GB`. */
export function byteSize(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(text) ?? [];
  const factor = Object.entries(SIZES).find(([name]) => name.toLowerCase() === unit.toLowerCase())?.[1];
  const bytes = Math.round(Number(number) * (factor ?? 0));
  if (number === '' || factor === undefined || bytes > 1_024 ** 5)
    throw new InvalidArgumentError('Write it as 512MiB, 1.5GiB or 2GB.');
  return bytes;
}

/** A session's id, checked so that nothing else becomes part of an address. */
export function sessionIdText(text: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(text))
    throw new InvalidArgumentError('A session id has 1 to 64 letters, digits, hyphens or underscores.');
  return text;
}

export function sessionIds(text: string, earlier: string[] = []): string[] {
  return [...earlier, text === FROM_STDIN ? text : sessionIdText(text)];
}

export function drainId(text: string): string {
  if (!/^[a-z0-9]{1,32}$/.test(text))
    throw new InvalidArgumentError('Such an id has lower-case letters and digits only.');
  return text;
}

export function drainIds(text: string, earlier: string[] = []): string[] {
  return [...earlier, text === FROM_STDIN ? text : drainId(text)];
}

/** A delivery's id, checked so that nothing else becomes part of an address. */
export function deliveryIdText(text: string): string {
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(text))
    throw new InvalidArgumentError('Such an id has letters, digits, hyphens and underscores only.');
  return text;
}

/** How many nodes a token may let in. */
export const useCount = numberWithin(1, 1_000_000);

/** The public part of a token. The whole token would be a secret on a command line. */
export function tokenIdText(text: string): string {
  if (!/^[A-Za-z0-9]{1,64}$/.test(text))
    throw new InvalidArgumentError('It is the part of a token between its two underscores: letters and digits.');
  return text;
}

/** Repeatable. */
export function tokenIdTexts(text: string, earlier: string[] = []): string[] {
  return [...earlier, tokenIdText(text)];
}

/** The same, or a hyphen for those on standard input. */
export function tokenIds(text: string, earlier: string[] = []): string[] {
  return [...earlier, text === FROM_STDIN ? text : tokenIdText(text)];
}

/** A pattern for names of nodes, with `*` for any characters. */
export function namePattern(text: string): string {
  if (!NAME_PATTERN_SYNTAX.test(text))
    throw new InvalidArgumentError(
      'It has 1 to 63 lower-case letters, digits, dots, hyphens and stars, as in pool-a-*.',
    );
  return text;
}

/** One of `values`, in any case; repeatable. */
export function oneOrMoreOf<Value extends string>(
  values: readonly Value[],
): (text: string, earlier?: Value[]) => Value[] {
  return (text, earlier = []) => {
    const found = values.find((value) => value.toLowerCase() === text.toLowerCase());
    if (found === undefined) throw new InvalidArgumentError(`It is one of ${values.join(', ')}.`);
    return [...earlier, found];
  };
}

/** Addresses or networks, separated by commas; the api checks them. */
export function networkTexts(text: string, earlier: string[] = []): string[] {
  const networks = text.split(',').map((network) => network.trim());
  if (networks.some((network) => !/^[0-9a-fA-F.:]+(\/\d{1,3})?$/.test(network)))
    throw new InvalidArgumentError('An address or a network, such as 10.0.0.0/8.');
  return [...earlier, ...networks];
}
