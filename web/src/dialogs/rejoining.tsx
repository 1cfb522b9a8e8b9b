import { Group, Loader, Text, VisuallyHidden } from '@mantine/core';
import { Icon } from '../parts/icon.js';
import { Age } from '../time/age.js';

/** Waits until a node has joined again with its new token. */
export function Rejoining({ id, rejoinedAt }: { id: string; rejoinedAt: string | undefined }) {
  return (
    <Group gap="xs" data-rejoined={rejoinedAt !== undefined}>
      <VisuallyHidden role="status">{rejoinedAt !== undefined && `${id} has joined with the new token`}</VisuallyHidden>
      {rejoinedAt === undefined ? (
        <>
          <Loader size="xs" />
          <Text size="sm">
            Waiting for {id} to join with the new token. Install the token on the target and restart the agent there.
          </Text>
        </>
      ) : (
        <>
          <Icon name="check" />
          <Text size="sm">
            {id} has joined with the new token, <Age at={rejoinedAt} />.
          </Text>
        </>
      )}
    </Group>
  );
}
