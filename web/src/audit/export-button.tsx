import { Button, Group, Text } from '@mantine/core';
import { serverNow } from '../api/reachability.js';
import { ActionButton } from '../parts/action-button.js';
import { saveFile } from '../parts/save-file.js';
import { plural } from '../parts/size-text.js';
import { announce } from '../parts/toasts.js';
import { useLongRead } from '../parts/use-long-read.js';
import { type AuditFilter, auditQueryOf } from './audit-filter.js';
import { isoTime } from '../../../contract/iso-time.js';
import { listAudit, type AuditEvent } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';

/** Saves the matching entries as a file of JSON lines, oldest first, with progress and a way to stop. */
export function ExportButton({ filter, whyNot }: { filter: AuditFilter; whyNot: string | undefined }) {
  const { come, run, stop } = useLongRead('Could not export the audit');

  const save = () =>
    run(async (signal, onProgress) => {
      const now = serverNow();
      const parts: Blob[] = [];
      let events = 0;
      for await (const page of auditPages(filter, now, signal)) {
        parts.push(new Blob(page.map((event) => `${JSON.stringify(event)}\n`)));
        events += page.length;
        onProgress(events);
      }
      saveFile(`rollcall-audit-${new Date(now).toISOString().slice(0, 19).replaceAll(':', '')}.jsonl`, parts);
      announce({ kind: 'success', text: `Exported ${plural(events, 'event')}.` });
    });
  if (come !== undefined)
    return (
      <Group gap="xs">
        <Text size="sm" className="numeric" role="status">{`${plural(come, 'event')} read`}</Text>
        <Button size="xs" variant="default" onClick={stop}>
          Stop the export
        </Button>
      </Group>
    );
  return (
    <ActionButton variant="default" size="xs" whyNot={whyNot} onClick={() => void save()}>
      Export
    </ActionButton>
  );
}

const PAGE_SIZE = 1_000;

/**
 * All matching entries of the audit, oldest first, page by page, like `rollcall audit export`. Entries made meanwhile are left out, so that it ends.
 * @param now in milliseconds since 1970, by the server's clock
 * @throws ApiFailure
 */
async function* auditPages(filter: AuditFilter, now: number, signal: AbortSignal): AsyncGenerator<AuditEvent[]> {
  const query = { until: isoTime(now), ...auditQueryOf(filter, now), order: 'oldest' as const };
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: { items: AuditEvent[]; nextCursor: string | null } = await answerOf(
      listAudit({ query: { ...query, limit: PAGE_SIZE, ...(cursor !== '' && { cursor }) }, signal }),
    );
    yield page.items;
    cursor = page.nextCursor;
  }
}
