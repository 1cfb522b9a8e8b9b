import { Text } from '@mantine/core';
import type { Node } from '../../../client/index.js';
import { LabelList } from '../parts/label-list.js';
import { labelText, parseLabels } from '../parts/label-text.js';
import { EditablePanel } from './editable-panel.js';

/** A node's labels, by which sessions select it and lists filter it. */
export function LabelsPanel({ node }: { node: Node }) {
  const read = (text: string) => {
    const parsed = parseLabels(text);
    return 'error' in parsed ? parsed : { change: { labels: parsed.labels } };
  };
  return (
    <EditablePanel
      node={node}
      title="Labels"
      field="labels"
      text={labelText(node.labels)}
      read={read}
      description="One key=value per line; they replace the present labels, and apply to new sessions at once."
      exact
    >
      <LabelList labels={node.labels} />
      {(node.agentLabels ?? []).length > 0 && (
        <Text size="xs" c="dimmed" mt={4}>
          From its agent’s configuration: {node.agentLabels?.toSorted().join(', ')}
        </Text>
      )}
    </EditablePanel>
  );
}
