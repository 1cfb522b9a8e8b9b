import { CONFIG_KEYS } from './config-keys.js';
import type { Config } from './schema.js';

/** Shown in place of a secret. */
export const NOT_SHOWN = '(set, and not shown)';

/** The configuration by dotted keys, for people. Keys that are not set are left out; secrets and credentials in addresses are hidden. */
export function shownConfig(config: Config): Record<string, unknown> {
  return Object.fromEntries(
    CONFIG_KEYS.flatMap(({ path, about }) => {
      const value = path
        .split('.')
        .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], config);
      if (value === undefined) return [];
      return [[path, about.secret ? NOT_SHOWN : withoutUsers(value)]];
    }),
  );
}

/** Hides an address's credentials and everything after its path, which may contain a key. */
function withoutUsers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUsers);
  if (typeof value !== 'string' || !URL.canParse(value) || !/^https?:/.test(value)) return value;
  const { origin, pathname } = new URL(value);
  return origin + pathname;
}
