import type { ListAuditData } from '../../../client/index.js';
import { AUDITED_EVENTS } from '../../../contract/audit.js';
import { isoTime } from '../../../contract/iso-time.js';
import { NODE_EVENTS } from '../../../contract/lifecycle.js';

export type AuditRequest = NonNullable<ListAuditData['query']>;
type AuditedType = (typeof AUDITED_EVENTS)[number];

/** Lengths of the ranges, in milliseconds. */
export const RANGES = { '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000 } as const;
export type Range = keyof typeof RANGES;

/** All events of nodes, tokens and the fleet. */
export const EVENT_TYPES: readonly string[] = [...new Set<string>([...AUDITED_EVENTS, ...NODE_EVENTS])].toSorted();

/** Filter of the audit; the address carries it. */
export interface AuditFilter {
  by: string;
  node: string;
  token: string;
  types: readonly string[];
  /** Range that ends now; undefined if `since` and `until` limit it, or nothing does. */
  range: Range | undefined;
  /** ISO 8601; empty for no limit. */
  since: string;
  until: string;
}

/** Parses an address, and ignores invalid parts. */
export function auditFilterOf(params: URLSearchParams): AuditFilter {
  const moment = (name: string) => {
    const at = Date.parse(params.get(name) ?? '');
    return Number.isNaN(at) ? '' : isoTime(at);
  };
  const given = params.getAll('type');
  return {
    by: params.get('by') ?? '',
    node: params.get('node') ?? '',
    token: params.get('token') ?? '',
    types: EVENT_TYPES.filter((type) => given.includes(type)),
    range: (Object.keys(RANGES) as Range[]).find((range) => range === params.get('range')),
    since: moment('since'),
    until: moment('until'),
  };
}

/** Whether anything is filtered out. */
export function isNarrowed({ by, node, token, types, range, since, until }: AuditFilter): boolean {
  return types.length > 0 || range !== undefined || [by, node, token, since, until].some((value) => value !== '');
}

/** The address without the filter. */
export const NO_AUDIT_FILTER = { by: '', node: '', token: '', type: '', range: '', since: '', until: '' } as const;

/**
 * The parameters for the api. Observations are not in the audit, so they are left out.
 * @param now in milliseconds since 1970, by the server's clock
 */
export function auditQueryOf({ by, node, token, types, range, since, until }: AuditFilter, now: number): AuditRequest {
  const from = range === undefined ? since : isoTime(now - RANGES[range]);
  const audited = types.filter(isAudited);
  return {
    ...(by !== '' && { by }),
    ...(node !== '' && { node }),
    ...(token !== '' && { token }),
    ...(audited.length > 0 && { type: audited }),
    ...(from !== '' && { since: from }),
    ...(range === undefined && until !== '' && { until }),
  };
}

function isAudited(type: string): type is AuditedType {
  return (AUDITED_EVENTS as readonly string[]).includes(type);
}

/** Whether an event of the live feed matches. */
export function isWanted(
  { by, node, types }: Pick<AuditFilter, 'by' | 'node' | 'types'>,
  event: { by: string; node: string; type: string },
): boolean {
  return (
    (by === '' || event.by === by) &&
    (node === '' || event.node === node) &&
    (types.length === 0 || types.includes(event.type))
  );
}
