import { MOST_LABELS } from '../../contract/schemas/common.js';

/** A node's labels, and which of them are as its agent's configuration says; all others are administrators'. */
export interface NodeLabels {
  labels: Record<string, string>;
  /** Keys. */
  agentLabels: string[];
}

/**
 * Labels of a node whose agent says these. What an administrator set, or a token of theirs, goes before it; and of what the agent says as it said before,
 * nothing changes: a label that an administrator took away stays away until the agent says something else of it.
 * @param before as they are, with what the agent said last
 */
export function labelsAfter(
  before: Partial<NodeLabels> & Pick<NodeLabels, 'labels'> & { said: Readonly<Record<string, string>> | undefined },
  says: Readonly<Record<string, string>>,
): NodeLabels {
  const labels = new Map(Object.entries(before.labels));
  const own = new Set(before.agentLabels);
  const [said, now] = [new Map(Object.entries(before.said ?? {})), new Map(Object.entries(says))];
  for (const key of new Set([...said.keys(), ...now.keys()])) {
    const value = now.get(key);
    if (said.get(key) === value || (labels.has(key) && !own.has(key))) continue;
    if (value === undefined) {
      labels.delete(key);
      own.delete(key);
    } else if (labels.has(key) || labels.size < MOST_LABELS) {
      labels.set(key, value);
      own.add(key);
    }
  }
  return { labels: Object.fromEntries(labels), agentLabels: [...own].filter((key) => labels.has(key)) };
}

/** Of these labels, those that are as the agent says still, once an administrator has replaced them. */
export function agentLabelsLeft(
  before: Partial<NodeLabels> & Pick<NodeLabels, 'labels'>,
  labels: NodeLabels['labels'],
): string[] {
  return (before.agentLabels ?? []).filter((key) => Object.hasOwn(labels, key) && labels[key] === before.labels[key]);
}
