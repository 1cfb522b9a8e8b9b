import type { Maintenance } from '../../../client/index.js';

/** What begins on one day of the viewer's, or has begun. */
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

/** What is under way, and then day by day what is to come. */
export function byDay(entries: readonly Maintenance[]): MaintenanceDay[] {
  const days = new Map<string, Maintenance[]>();
  for (const entry of entries.toSorted((a, b) => Number(a.state === 'planned') - Number(b.state === 'planned'))) {
    const name = entry.state === 'underWay' ? 'Under way' : dayFormat.format(new Date(entry.at));
    days.set(name, [...(days.get(name) ?? []), entry]);
  }
  return [...days].map(([name, of]) => ({ name, entries: of }));
}
