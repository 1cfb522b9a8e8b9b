import { readFileSync } from 'node:fs';
import { ConfigError } from './config-error.js';
import { CONFIG_PATHS } from './config-keys.js';

const SUFFIX = '_FILE';
const NAMES: ReadonlySet<string> = new Set(CONFIG_PATHS.map((path) => path.replaceAll('.', '__').toLowerCase()));

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment with secrets read from files, as containers get them: `COMPUTE__AUTH__TOKEN_FILE=/run/secrets/token`
 * sets `COMPUTE__AUTH__TOKEN` to that file's text. This works for every key of the configuration.
 * @throws ConfigError if such a file cannot be read, or the key is set both ways
 */
export function withSecretFiles(env: Environment, read: (path: string) => string = readText): Environment {
  const files = Object.entries(env).filter(
    (entry): entry is [string, string] => isSecretFile(entry[0]) && Boolean(entry[1]),
  );
  if (files.length === 0) return env;
  const expanded: Record<string, string | undefined> = { ...env };
  for (const [name, path] of files) {
    const key = name.slice(0, -SUFFIX.length);
    if (Object.entries(env).some(([other, value]) => other.toLowerCase() === key.toLowerCase() && value)) {
      throw new ConfigError(`Both ${key} and ${name} are set; keep one of them`);
    }
    delete expanded[name];
    expanded[key] = textOf(name, path, read);
  }
  return expanded;
}

function isSecretFile(name: string): boolean {
  return name.toUpperCase().endsWith(SUFFIX) && NAMES.has(name.slice(0, -SUFFIX.length).toLowerCase());
}

function textOf(name: string, path: string, read: (path: string) => string): string {
  let text: string;
  try {
    text = read(path).trim();
  } catch (error) {
    throw new ConfigError(
      `The file ${path} that environment variable ${name} names cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'it is no text'}`,
    );
  }
  // An empty variable counts as not set, but a named file that is empty is a mistake.
  if (text === '') throw new ConfigError(`The file ${path} that environment variable ${name} names is empty`);
  return text;
}

function readText(path: string): string {
  return readFileSync(path, 'utf8');
}
