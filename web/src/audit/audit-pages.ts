import { isoTime } from '../../../contract/iso-time.js';
import { listAudit, type AuditEvent } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';
import { auditQueryOf, type AuditFilter } from './audit-filter.js';

const PAGE_SIZE = 1_000;

/**
 * All matching entries of the audit, oldest first, page by page, like `rollcall audit export`. Entries made meanwhile are left out, so that it ends.
 * @param now in milliseconds since 1970, by the server's clock
 * @throws ApiFailure
 */
export async function* auditPages(filter: AuditFilter, now: number, signal: AbortSignal): AsyncGenerator<AuditEvent[]> {
  const query = { until: isoTime(now), ...auditQueryOf(filter, now), order: 'oldest' as const };
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: { items: AuditEvent[]; nextCursor: string | null } = await answerOf(
      listAudit({ query: { ...query, limit: PAGE_SIZE, ...(cursor !== '' && { cursor }) }, signal }),
    );
    yield page.items;
    cursor = page.nextCursor;
  }
}
