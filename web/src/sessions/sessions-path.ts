import type { SessionFilter } from './session-queries.js';

/** Address of the sessions' list; without a filter, the live ones. */
export function sessionsPath({ live, node, principal }: SessionFilter = {}): string {
  const params = new URLSearchParams();
  if (live !== 'true') params.set('show', live === 'false' ? 'ended' : 'all');
  if (node !== undefined) params.set('node', node);
  if (principal !== undefined) params.set('principal', principal);
  const search = params.toString();
  return search === '' ? '/sessions' : `/sessions?${search}`;
}

/** Parses the filter that {@link sessionsPath} wrote, and ignores invalid parts. */
export function filterOf(search: string): SessionFilter {
  const params = new URLSearchParams(search);
  const show = params.get('show');
  const [node, principal] = [params.get('node'), params.get('principal')];
  return {
    ...(show === 'all' ? {} : { live: show === 'ended' ? 'false' : 'true' }),
    ...(node ? { node } : {}),
    ...(principal ? { principal } : {}),
  };
}

/** Address of one session. */
export function sessionPath(id: string): string {
  return `/sessions/${encodeURIComponent(id)}`;
}
