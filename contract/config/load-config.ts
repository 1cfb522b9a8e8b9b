import { closest } from 'fastest-levenshtein';
import { isPair, isScalar, parseDocument, visit, type Document } from 'yaml';
import { ConfigError } from './config-error.js';
import { CONFIG_PATHS, CONFIG_TREE, type ConfigNode } from './config-keys.js';
import { SECRET_KEYS } from './secret-keys.js';
import { configSchema, type Config } from './schema.js';

export interface ConfigSources {
  /** config.yaml: its text, and its path for messages. */
  file?: { path: string; text: string } | undefined;
  /** `ORCHESTRATOR__API__PORT=8480`: letter case does not matter, and an empty value counts as not set. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Dotted keys: `Orchestrator.API.Port`. */
  flags?: Readonly<Record<string, string>> | undefined;
}

/** A value that was set explicitly, and where: `config.yaml`, `environment variable X`, `--set X`. */
interface Setting {
  path: string[];
  value: unknown;
  source: string;
}

/**
 * The configuration from its sources; flag > environment > file > default. Lists are replaced whole, labels one by one.
 * @throws ConfigError that names the key, where it was set, and the nearest known key or what the value should be
 */
export function loadConfig(sources: ConfigSources): Config {
  const settings = [...fromFile(sources.file), ...fromEnv(sources.env ?? {}), ...fromFlags(sources.flags ?? {})];
  const effective = new Map(settings.map((setting) => [setting.path.join('\0'), setting]));
  const result = configSchema.safeParse(asTree([...effective.values()], 0));
  if (result.success) return result.data;
  throw wrongValue(result.error.issues[0], [...effective.values()]);
}

function fromFile(file: ConfigSources['file']): Setting[] {
  if (!file) return [];
  const document = parseDocument(file.text);
  const fault = document.errors[0];
  if (fault) {
    const [sentence] = fault.message.split('\n');
    throw new ConfigError(`${file.path} is no valid YAML: ${sentence?.replace(/:$/, '')}`);
  }
  return settingsIn(valueOf(document, file), CONFIG_TREE, [], file.path);
}

/** The file's data. Aliases (`*gpu`) are resolved only here, so an unknown alias is not a syntax error. */
function valueOf(document: Document.Parsed, { path, text }: NonNullable<ConfigSources['file']>): unknown {
  let unknown: { alias: string; line: number; key: string } | undefined;
  visit(document, {
    Alias(_key, node, parents) {
      if (node.resolve(document) !== undefined) return undefined;
      const pair = parents.findLast((parent) => isPair(parent));
      unknown = {
        alias: node.source,
        line: text.slice(0, node.range?.[0]).split('\n').length,
        key: isScalar(pair?.key) ? String(pair.key.value) : 'a value',
      };
      return visit.BREAK;
    },
  });
  if (unknown)
    throw new ConfigError(
      `${path} is no valid YAML: ${unknown.key} at line ${unknown.line} begins with * and names nothing; put it in quotes: "*${unknown.alias}"`,
    );
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new ConfigError(`${path} is no valid YAML: ${(error as Error).message.split('\n')[0]}`);
  }
}

function settingsIn(value: unknown, node: ConfigNode, path: string[], source: string): Setting[] {
  // A key with nothing after it (all its lines commented out) counts as not set.
  if (value === null || value === undefined) return [];
  const key = path.join('.');
  if (node.kind !== 'section' && node.kind !== 'record') return [{ path, value, source }];
  if (typeof value !== 'object' || Array.isArray(value)) {
    const subject = key === '' ? source : `${key} in ${source}`;
    const hint = node.kind === 'record' ? 'name: value' : [...node.children.keys()].join(', ');
    throw new ConfigError(
      `${subject} cannot be ${shown(value)}: it is a section with keys of its own (${hint})`,
      key || undefined,
      hint,
    );
  }
  return Object.entries(value).flatMap(([name, child]) => {
    if (node.kind === 'record') return [{ path: [...path, name], value: child, source }];
    const known = node.children.get(name);
    if (!known) throw unknownKey([...path, name], source);
    return settingsIn(child, known, [...path, name], source);
  });
}

function fromEnv(env: NonNullable<ConfigSources['env']>): Setting[] {
  const ours = new Set([...CONFIG_TREE.children.keys()].map((key) => key.toLowerCase()));
  return Object.entries(env).flatMap(([name, text]) => {
    const segments = name.split('__');
    if (segments.length < 2 || !ours.has(segments[0]?.toLowerCase() ?? '') || text === undefined || text === '')
      return [];
    return fromText(
      segments,
      text,
      `environment variable ${name}`,
      (known, given) => known.toLowerCase() === given.toLowerCase(),
    );
  });
}

function fromFlags(flags: NonNullable<ConfigSources['flags']>): Setting[] {
  return Object.entries(flags).flatMap(([key, text]) =>
    fromText(key.split('.'), text, `--set ${key}`, (known, given) => known === given),
  );
}

/** Settings from a source whose keys are split into segments; a list is written `a,b`, labels `a=1,b=2` or one key each. */
function fromText(
  segments: string[],
  text: string,
  source: string,
  same: (known: string, given: string) => boolean,
): Setting[] {
  let node: ConfigNode = CONFIG_TREE;
  const path: string[] = [];
  for (const [index, segment] of segments.entries()) {
    if (node.kind === 'record') return [{ path: [...path, segments.slice(index).join('.')], value: text, source }];
    const found: [string, ConfigNode] | undefined =
      node.kind === 'section' ? [...node.children].find(([known]) => same(known, segment)) : undefined;
    if (!found) throw unknownKey([...path, ...segments.slice(index)], source);
    path.push(found[0]);
    node = found[1];
  }
  const parts = () =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  switch (node.kind) {
    case 'value':
      return [{ path, value: text, source }];
    case 'list':
      return [{ path, value: parts(), source }];
    case 'record':
      return parts().map((part) => {
        const [name = '', ...value] = part.split('=');
        if (name === '' || value.length === 0)
          throw new ConfigError(
            `${source} cannot be ${shown(text)}: write it as name=value,name=value`,
            path.join('.'),
          );
        return { path: [...path, name], value: value.join('='), source };
      });
    case 'section':
      throw unknownKey(path, source, `it is a section; set one of its keys: ${[...node.children.keys()].join(', ')}`);
  }
}

/** Nested objects of settings whose paths share their first `depth` segments. */
function asTree(settings: Setting[], depth: number): unknown {
  const groups = new Map<string, Setting[]>();
  for (const setting of settings) {
    const name = setting.path[depth] as string;
    groups.set(name, [...(groups.get(name) ?? []), setting]);
  }
  // fromEntries creates own properties even for `__proto__`.
  return Object.fromEntries(
    [...groups].map(([name, group]) => [
      name,
      group[0] && group[0].path.length === depth + 1 ? group[0].value : asTree(group, depth + 1),
    ]),
  );
}

function unknownKey(path: string[], source: string, hint = `did you mean ${nearest(path)}?`): ConfigError {
  const key = path.join('.');
  return new ConfigError(`${key} in ${source} is no configuration key; ${hint}`, key, hint);
}

/** The known key that was most probably meant: one with the same last part in another section, or else the most similar one. */
function nearest(path: string[]): string {
  const key = path.join('.').toLowerCase();
  const last = path.at(-1)?.toLowerCase();
  const namesakes = CONFIG_PATHS.filter((known) => known.split('.').at(-1)?.toLowerCase() === last);
  const candidates = namesakes.length > 0 ? namesakes : [...CONFIG_PATHS];
  const lowered = candidates.map((candidate) => candidate.toLowerCase());
  return candidates[lowered.indexOf(closest(key, lowered))] as string;
}

function wrongValue(issue: { path: PropertyKey[]; message: string } | undefined, settings: Setting[]): ConfigError {
  const path = (issue?.path ?? []).map(String);
  const setting = settings.find((candidate) => candidate.path.every((segment, index) => path[index] === segment));
  const key = path.join('.');
  const wants = (issue?.message ?? 'it is malformed')
    .replace(/^Invalid (input|string): /, '')
    .replace(/^Too (small|big): /, '');
  const hint = wants.charAt(0).toLowerCase() + wants.slice(1);
  if (!setting) return new ConfigError(`${key} is missing: ${hint}`, key, hint);
  const value = SECRET_KEYS.has(setting.path.join('.')) ? 'what it is' : shown(setting.value);
  return new ConfigError(`${setting.path.join('.')} in ${setting.source} cannot be ${value}: ${hint}`, key, hint);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
