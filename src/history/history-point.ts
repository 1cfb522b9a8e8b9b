import { measure, MEASURE_KEYS, type Figures } from '../../contract/measures.js';
import type { Resources } from '../../contract/schemas/agents.js';
import type { EpochMs } from '../../contract/states.js';
import { gpuFigures } from './gpu-figures.js';
import type { HistoryPoint } from './history-store.js';

/** The stored figures of a heartbeat. An unreadable disk counts as 0 of 0; the number of sessions is that of the workflow's last projection. */
export function historyPoint(
  { uid, activeSessions }: { uid: string; activeSessions: number },
  resources: Resources,
  at: EpochMs,
): HistoryPoint {
  const figures: Partial<Figures> = { sessions: activeSessions, ...gpuFigures(resources.gpus) };
  for (const key of MEASURE_KEYS) {
    const { reported, optional } = measure(key);
    if (reported === undefined) continue;
    const figure = figureAt(resources, reported) ?? (optional ? undefined : 0);
    if (figure !== undefined) figures[key] = figure;
  }
  return { uid, at, ...(figures as Figures) };
}

function figureAt(resources: object, [group, field]: readonly [string, string?]): number | undefined {
  const found = (resources as Record<string, unknown>)[group];
  return (field === undefined ? found : (found as Record<string, unknown> | undefined)?.[field]) as number | undefined;
}
