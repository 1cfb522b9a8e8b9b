/** The Temporal server's counters so far. */
export interface TemporalCounts {
  signals: number;
  updates: number;
  workflowStarts: number;
  workflowTasks: number;
  persistenceCalls: number;
}

/** Reads the Prometheus endpoint of the embedded Temporal server. */
export class TemporalMetrics {
  constructor(private readonly url: string) {}

  async read(): Promise<TemporalCounts> {
    const text = await (await fetch(this.url)).text();
    const requests = (operation: string) => sum(text, 'service_requests', { operation, service_name: 'history' });
    return {
      signals: requests('SignalWorkflowExecution') + requests('SignalWithStartWorkflowExecution'),
      updates: requests('UpdateWorkflowExecution'),
      workflowStarts: requests('StartWorkflowExecution') + requests('SignalWithStartWorkflowExecution'),
      workflowTasks: requests('RespondWorkflowTaskCompleted'),
      persistenceCalls: sum(text, 'persistence_requests', {}),
    };
  }
}

/** The sum over all series of a counter with these labels. */
function sum(text: string, name: string, labels: Record<string, string>): number {
  let total = 0;
  for (const line of text.split('\n')) {
    if (!line.startsWith(`${name}{`)) continue;
    const end = line.lastIndexOf('}');
    const has = Object.entries(labels).every(([key, value]) => line.slice(0, end).includes(`${key}="${value}"`));
    if (has)
      total += Number(
        line
          .slice(end + 1)
          .trim()
          .split(' ')[0],
      );
  }
  return total;
}
