import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { listAudit } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';
import { AUDIT_KEY } from '../api/event-keys.js';
import { serverNow } from '../api/reachability.js';
import { auditQueryOf, type AuditFilter } from './audit-filter.js';

const PAGE_SIZE = 50;

/** A page of the audit, latest first; the previous page stays visible until the next has loaded. */
export function auditListQuery(filter: AuditFilter, cursor: string) {
  return queryOptions({
    queryKey: [...AUDIT_KEY, 'list', filter, cursor],
    queryFn: ({ signal }) =>
      answerOf(
        listAudit({
          query: { ...auditQueryOf(filter, serverNow()), limit: PAGE_SIZE, ...(cursor !== '' && { cursor }) },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
}
