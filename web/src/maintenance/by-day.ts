import type { Maintenance } from '../../../client/index.js';

/** Entries that begin on one day in the viewer's zone, or have begun. */
export interface MaintenanceDay {
  name: string;
  entries: readonly Maintenance[];
}

const dayFormat = new Intl.DateTimeFormat(undefined, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});

/** What is under way, and then the future day by day. */
export function byDay(entries: readonly Maintenance[]): MaintenanceDay[] {
  const days = new Map<string, Maintenance[]>();
  for (const entry of entries.toSorted((a, b) => Number(a.state === 'planned') - Number(b.state === 'planned'))) {
    const name = entry.state === 'underWay' ? 'Under way' : dayFormat.format(new Date(entry.at));
    days.set(name, [...(days.get(name) ?? []), entry]);
  }
  return [...days].map(([name, of]) => ({ name, entries: of }));
}
