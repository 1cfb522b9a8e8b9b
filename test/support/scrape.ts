/** A metric as scraped. */
export interface Family {
  type: string;
  help: string;
  samples: { name: string; labels: Record<string, string>; value: number }[];
}

/** The metrics at this address, by name, as Prometheus would read them. */
export async function scrape(url: string): Promise<Map<string, Family>> {
  const families = new Map<string, Family>();
  for (const line of (await (await fetch(url)).text()).split('\n')) {
    const [, kind, about = '', said = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (kind !== undefined) {
      const family = families.get(about) ?? { type: '', help: '', samples: [] };
      families.set(about, { ...family, [kind.toLowerCase()]: said });
    } else if (line !== '' && !line.startsWith('#')) {
      const [, name = '', labels = '', value = ''] = /^([^{ ]+)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
      const family = families.get(name) ?? families.get(name.replace(/_(bucket|sum|count)$/, ''));
      if (!family) throw new Error(`nothing is said of ${line}`);
      const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [key, text]);
      family.samples.push({
        name,
        labels: Object.fromEntries(pairs) as Record<string, string>,
        value: Number(value.replace('Inf', 'Infinity')),
      });
    }
  }
  return families;
}

/** The sum of the samples of this name whose labels have these values. */
export async function sumOf(url: string, name: string, labels: Record<string, string> = {}): Promise<number> {
  const samples = [...(await scrape(url)).values()].flatMap((family) => family.samples);
  return samples
    .filter(
      (sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    )
    .reduce((sum, { value }) => sum + value, 0);
}
