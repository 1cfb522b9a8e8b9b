import { z } from 'zod';
import { aboutOf, type KeyAbout } from './key-about.js';
import { configSchema } from './schema.js';

interface ConfigLeaf {
  about: KeyAbout;
  /** As written in a text; undefined if there is none. */
  fallback: string | undefined;
}

/** What a key of config.yaml may contain: keys, arbitrary names (labels), a list, or one value. */
export type ConfigNode =
  | { kind: 'section'; children: ReadonlyMap<string, ConfigNode> }
  | ({ kind: 'record' } & ConfigLeaf)
  | ({ kind: 'list' } & ConfigLeaf)
  | ({ kind: 'value' } & ConfigLeaf);

type ConfigSection = Extract<ConfigNode, { kind: 'section' }>;

/** A key that has a value, by its dotted path. */
export type ConfigKey = { path: string } & ConfigLeaf;

/** Every key of config.yaml, derived from the schema so that the two cannot differ. */
export const CONFIG_TREE = describe(configSchema, '') as ConfigSection;

/** Dotted paths of all sections and values: `Orchestrator`, `Orchestrator.API`, `Orchestrator.API.Port`, … */
export const CONFIG_PATHS: readonly string[] = nodesIn(CONFIG_TREE, []).map(({ path }) => path);

/** All keys with a value, in the order of the schema. */
export const CONFIG_KEYS: readonly ConfigKey[] = nodesIn(CONFIG_TREE, []).flatMap(({ path, node }) =>
  node.kind === 'section' ? [] : [{ path, ...node }],
);

function describe(type: z.core.$ZodType, path: string): ConfigNode {
  const bare = unwrapped(type);
  if (bare instanceof z.ZodObject) {
    const children = Object.entries(bare.shape).map(
      ([name, child]) => [name, describe(child as z.core.$ZodType, path === '' ? name : `${path}.${name}`)] as const,
    );
    return { kind: 'section', children: new Map(children) };
  }
  return {
    kind: bare instanceof z.ZodRecord ? 'record' : bare instanceof z.ZodArray ? 'list' : 'value',
    about: aboutOf(type, path),
    fallback: fallbackOf(type),
  };
}

function unwrapped(type: z.core.$ZodType): z.core.$ZodType {
  return type instanceof z.ZodDefault || type instanceof z.ZodPrefault || type instanceof z.ZodOptional
    ? unwrapped(type.def.innerType)
    : type;
}

function fallbackOf(type: z.core.$ZodType): string | undefined {
  // A duration has its default before its text is parsed.
  if (type instanceof z.ZodPipe) return fallbackOf(type.def.in);
  if (!(type instanceof z.ZodDefault)) return undefined;
  const value: unknown = type.def.defaultValue;
  if (Array.isArray(value)) return value.length > 0 ? value.join(',') : undefined;
  return typeof value === 'string' ? value : typeof value === 'object' ? undefined : JSON.stringify(value);
}

function nodesIn(section: ConfigSection, above: string[]): { path: string; node: ConfigNode }[] {
  return [...section.children].flatMap(([name, node]) => {
    const path = [...above, name];
    return [{ path: path.join('.'), node }, ...(node.kind === 'section' ? nodesIn(node, path) : [])];
  });
}
