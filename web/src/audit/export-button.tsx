import { Button, Group, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { sentenceOf } from '../api/api-failure.js';
import { serverNow } from '../api/reachability.js';
import { ActionButton } from '../parts/action-button.js';
import { saveFile } from '../parts/save-file.js';
import { plural } from '../parts/size-text.js';
import { announce } from '../parts/toasts.js';
import type { AuditFilter } from './audit-filter.js';
import { auditPages } from './audit-pages.js';

/** Saves what matches the filter as a file of JSON lines, oldest first. However long it is: it says how far it is, and can be stopped. */
export function ExportButton({ filter, whyNot }: { filter: AuditFilter; whyNot: string | undefined }) {
  const [read, setRead] = useState<number | null>(null);
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);

  const run = async () => {
    const stopping = new AbortController();
    stop.current = stopping;
    const now = serverNow();
    const parts: Blob[] = [];
    let events = 0;
    setRead(0);
    try {
      for await (const page of auditPages(filter, now, stopping.signal)) {
        parts.push(new Blob(page.map((event) => `${JSON.stringify(event)}\n`)));
        events += page.length;
        setRead(events);
      }
      saveFile(`rollcall-audit-${new Date(now).toISOString().slice(0, 19).replaceAll(':', '')}.jsonl`, parts);
      announce({ kind: 'success', text: `Exported ${plural(events, 'event')}.` });
    } catch (error) {
      if (!stopping.signal.aborted)
        announce({ kind: 'failure', text: `Could not export the audit: ${sentenceOf(error)}` });
    } finally {
      setRead(null);
    }
  };
  if (read !== null)
    return (
      <Group gap="xs">
        <Text size="sm" className="numeric" role="status">{`${plural(read, 'event')} read`}</Text>
        <Button size="xs" variant="default" onClick={() => stop.current?.abort()}>
          Stop the export
        </Button>
      </Group>
    );
  return (
    <ActionButton variant="default" size="xs" whyNot={whyNot} onClick={() => void run()}>
      Export
    </ActionButton>
  );
}
