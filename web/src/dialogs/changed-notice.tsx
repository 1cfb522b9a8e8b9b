import { Button, Group, Stack, Text } from '@mantine/core';
import type { Node } from '../../../client/index.js';
import { Notice } from '../parts/notice.js';
import { phaseWord } from '../parts/phase-word.js';

/** Tells how a node has changed while a dialog about it was open, and asks for confirmation. */
export function ChangedNotice({ before, node, onAgree }: { before: Node; node: Node; onAgree: () => void }) {
  return (
    <Notice kind="warn" role="alert" title={`${node.id} has changed since you opened this`}>
      <Stack gap="xs">
        <Text size="sm">
          {node.phase === before.phase
            ? `It is ${phaseWord(node.phase).toLowerCase()}, as before, but somebody has made a decision about it meanwhile.`
            : `It was ${phaseWord(before.phase).toLowerCase()}, and is ${phaseWord(node.phase).toLowerCase()} now. The consequence above is up to date.`}
        </Text>
        <Group>
          <Button size="xs" variant="default" onClick={onAgree}>
            Go on anyway
          </Button>
        </Group>
      </Stack>
    </Notice>
  );
}
