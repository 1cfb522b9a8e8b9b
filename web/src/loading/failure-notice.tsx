import { Button, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Loading } from '../parts/loading.js';
import { Notice } from '../parts/notice.js';
import { PartNotLoaded } from './loaded-part.js';
import { loadNewerPage } from './newer-page.js';

interface FailureNoticeProps {
  what: string;
  error: unknown;
  onRetry: () => void;
}

/** Shown in place of what failed. Reloads the page if the failure comes from its being an earlier version. */
export function FailureNotice({ what, error, onRetry }: FailureNoticeProps) {
  const isMissing = error instanceof PartNotLoaded;
  const [found, setFound] = useState<'looking' | 'reloading' | 'newer' | 'same'>(isMissing ? 'looking' : 'same');
  const queryClient = useQueryClient();
  useEffect(() => {
    if (isMissing) void loadNewerPage().then(setFound);
    // Data may be the cause, so another attempt, or a later visit, reads it again.
    else queryClient.removeQueries({ type: 'inactive' });
  }, [isMissing, queryClient]);
  if (found === 'looking' || found === 'reloading') return <Loading what="new page" />;
  if (found === 'newer') {
    return (
      <Notice kind="warn" role="alert" title="Rollcall was upgraded">
        <Stack gap="xs">
          <Text size="sm">
            {`${what} needs the new version of this page. Save or copy what you have typed before you load it.`}
          </Text>
          <Group>
            <Button size="xs" variant="default" onClick={() => location.reload()}>
              Load the new page
            </Button>
          </Group>
        </Stack>
      </Notice>
    );
  }
  return (
    <Notice kind="bad" role="alert" title={`${what} cannot be shown`}>
      <Stack gap="xs">
        <Text size="sm">
          {isMissing
            ? 'A part of it could not be loaded from the api. The rest of the page still works.'
            : `It failed: ${error instanceof Error ? error.message : String(error)}`}
        </Text>
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
          <Button size="xs" variant="subtle" onClick={() => location.reload()}>
            Reload the page
          </Button>
        </Group>
      </Stack>
    </Notice>
  );
}
