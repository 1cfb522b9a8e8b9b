import { CONFIG_KEYS } from './config-keys.js';

/** Dotted paths of keys whose values are secret. */
export const SECRET_KEYS: ReadonlySet<string> = new Set(
  CONFIG_KEYS.filter(({ about }) => about.secret).map(({ path }) => path),
);

/** Their paths in an object that holds the configuration, or a section of it, for pino's `redact`. */
export const SECRET_PATHS: readonly string[] = [...SECRET_KEYS].flatMap((path) => {
  const names = path.split('.');
  return names.flatMap((_, index) => {
    const rest = names.slice(index).join('.');
    return [rest, `*.${rest}`];
  });
});
