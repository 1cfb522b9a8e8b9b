import type { EventStreamQuery } from '../../contract/schemas/events.js';
import { asList } from '../../contract/schemas/common.js';
import { isAsSevere, severityOf } from '../../contract/severity.js';
import { hasLabel, labelFilter } from '../../contract/labels.js';
import type { NodeEvent } from '../record/event-store.js';

type Labels = Readonly<Record<string, string>>;

/** Selects the events for one reader. */
export class EventFilter {
  private readonly nodes: readonly string[];
  private readonly types: readonly string[];
  private readonly labels: readonly { key: string; value?: string }[];

  /** @param labelsOf labels of a node by uid, including removed ones */
  constructor(
    private readonly query: EventStreamQuery,
    private readonly labelsOf: (uid: string) => Promise<Labels>,
  ) {
    this.nodes = asList(query.node) ?? [];
    this.types = asList(query.type) ?? [];
    this.labels = (asList(query.label) ?? []).map(labelFilter);
  }

  async takes({ type, node, uid }: NodeEvent): Promise<boolean> {
    if (this.types.length > 0 && !this.types.includes(type)) return false;
    if (this.nodes.length > 0 && !this.nodes.includes(node)) return false;
    if (this.query.severity !== undefined && !isAsSevere(severityOf(type), this.query.severity)) return false;
    if (this.labels.length === 0) return true;
    const has = await this.labelsOf(uid);
    return this.labels.every((label) => hasLabel(has, label));
  }
}
