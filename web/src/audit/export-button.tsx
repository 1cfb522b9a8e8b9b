import { Button, Group, Text } from '@mantine/core';
import { serverNow } from '../api/reachability.js';
import { ActionButton } from '../parts/action-button.js';
import { saveFile } from '../parts/save-file.js';
import { plural } from '../parts/size-text.js';
import { announce } from '../parts/toasts.js';
import { useLongRead } from '../parts/use-long-read.js';
import type { AuditFilter } from './audit-filter.js';
import { auditPages } from './audit-pages.js';

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
