/**
 * A node's id: lower-case letters, digits, dots and hyphens, 1 to 63 long, beginning and ending with a letter or digit
 * (a DNS label with dots, so that host names fit). Ids are matched exactly, never as a prefix.
 */
export const NODE_NAME_PATTERN = /^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/;

/** The nearest valid node name to a host's name; undefined if nothing of it is usable. */
export function nodeNameFrom(hostname: string): string | undefined {
  const name = hostname
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .slice(0, 63)
    .replace(/^[.-]+|[.-]+$/g, '');
  return NODE_NAME_PATTERN.test(name) ? name : undefined;
}
