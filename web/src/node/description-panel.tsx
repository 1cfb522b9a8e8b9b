import { Text } from '@mantine/core';
import type { Node } from '../../../client/index.js';
import { EditablePanel } from './editable-panel.js';

/** Maximum length that the api accepts. */
const MAX_LENGTH = 1_024;

/** A node's description, which people write. */
export function DescriptionPanel({ node }: { node: Node }) {
  const read = (text: string) =>
    text.length > MAX_LENGTH
      ? { error: `At most ${MAX_LENGTH} characters; these are ${text.length}.` }
      : { change: { description: text } };
  return (
    <EditablePanel
      node={node}
      title="Description"
      field="description"
      text={node.description}
      read={read}
      description="What this node is for, and whom to ask."
    >
      {node.description === '' ? (
        <Text size="sm" c="dimmed">
          none
        </Text>
      ) : (
        <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {node.description}
        </Text>
      )}
    </EditablePanel>
  );
}
