import { Box, Button, Group, Text, VisuallyHidden } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { isoTime } from '../../../contract/iso-time.js';
import { useReachability } from '../api/reachability.js';
import { Icon } from '../parts/icon.js';
import { Notice } from '../parts/notice.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { Age } from '../time/age.js';
import { clockTime } from '../time/time-text.js';

/**
 * Says since when the data is out of date if the api cannot be reached, and removes the colour from live states
 * (`.live`, see page.css). If the viewer turned polling off, says how old the data is.
 */
export function FreshnessBanner() {
  const { lastAnswerAt, lostSince, why } = useReachability();
  const interval = usePollInterval();
  const queryClient = useQueryClient();
  const lost = lostSince !== null;
  useEffect(() => {
    document.documentElement.toggleAttribute('data-stale', lost);
    return () => document.documentElement.removeAttribute('data-stale');
  }, [lost]);

  const refresh = () => void queryClient.refetchQueries({ type: 'active' });
  const heard = lastAnswerAt === null ? null : isoTime(lastAnswerAt);
  if (lost) {
    return (
      <Box mb="md" data-banner="lost">
        {/* Announced once: the age beside it keeps counting. */}
        <VisuallyHidden role="alert">{why}</VisuallyHidden>
        <Notice kind="bad" title={why}>
          <Group justify="space-between" gap="xs">
            <Text size="sm">
              {heard === null || lastAnswerAt === null ? (
                'It has not answered yet.'
              ) : (
                <>
                  What you see is from {clockTime(lastAnswerAt)}, <Age at={heard} />, and may have changed since.
                </>
              )}
              {interval !== false && ' The page keeps trying.'}
            </Text>
            <Button size="xs" variant="default" onClick={refresh}>
              Try again
            </Button>
          </Group>
        </Notice>
      </Box>
    );
  }
  if (interval !== false || heard === null) return null;
  return (
    <Group gap="xs" mb="md" data-banner="off">
      <Text size="sm" c="dimmed">
        Polling is off: what you see is from <Age at={heard} />.
      </Text>
      <Button size="compact-xs" variant="default" leftSection={<Icon name="refresh" size={14} />} onClick={refresh}>
        Refresh
      </Button>
    </Group>
  );
}
