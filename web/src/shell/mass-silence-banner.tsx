import { Box, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { whyNotByRole } from '../actions/offered-action.js';
import { clusterQuery } from '../api/node-queries.js';
import { useDialogs } from '../actions/dialog-context.js';
import { ActionButton } from '../parts/action-button.js';
import { Notice } from '../parts/notice.js';
import { usePollInterval } from '../polling/use-poll-interval.js';
import { useLogin } from '../sign-in/login-context.js';
import { Age } from '../time/age.js';

/** Explains a mass silence: nothing is done about the silent nodes, since the cause is probably in front of them. */
export function MassSilenceBanner() {
  const { data } = useQuery({ ...clusterQuery, refetchInterval: usePollInterval() });
  const login = useLogin();
  const { openDialog } = useDialogs();
  const mass = data?.massSilence ?? null;
  if (mass === null) return null;
  return (
    <Box mb="md" data-banner="mass-silence">
      <Notice kind="bad" role="alert" title="Many nodes fell silent at once">
        <Group justify="space-between" gap="xs">
          <Text size="sm" className="live">
            {mass.silent} of {mass.beating} nodes are silent, the first since <Age at={mass.since} />. Check what is
            between them and the api: load balancer, DNS, certificate. Until most are heard again, no session is given
            up and no node is removed.
          </Text>
          <ActionButton
            size="xs"
            variant="default"
            whyNot={whyNotByRole(login)}
            onClick={() => openDialog({ kind: 'release', silence: mass })}
          >
            Give up silent nodes…
          </ActionButton>
        </Group>
      </Notice>
    </Box>
  );
}
