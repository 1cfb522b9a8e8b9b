type Labels = Record<string, string>;

const KEY = /^[A-Za-z0-9](?:[A-Za-z0-9_./-]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;
const MAX_LABELS = 64;

/** Labels as people type them: one `key=value` per line (or between commas); an error says which one is wrong, and how. */
export function parseLabels(text: string): { labels: Labels } | { error: string } {
  const labels: Labels = {};
  for (const part of text.split(/[\n,]/)) {
    const pair = part.trim();
    if (pair === '') continue;
    const [key = '', ...rest] = pair.split('=');
    const value = rest.join('=').trim();
    if (!KEY.test(key.trim()))
      return {
        error: `“${key.trim()}” is not a label key: 1 to 63 letters, digits, dots, hyphens, underscores or slashes.`,
      };
    if (!VALUE.test(value))
      return { error: `“${value}” is not a label value: at most 63 letters, digits, dots, hyphens or underscores.` };
    if (Object.hasOwn(labels, key.trim())) return { error: `“${key.trim()}” appears twice.` };
    labels[key.trim()] = value;
  }
  return Object.keys(labels).length > MAX_LABELS ? { error: `At most ${MAX_LABELS} labels.` } : { labels };
}

/** The text that {@link parseLabels} parses. */
export function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => (value === '' ? key : `${key}=${value}`))
    .join('\n');
}
