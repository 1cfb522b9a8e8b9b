import { z } from 'zod';
import { configSchema } from './schema.js';

/** What may stand under a key of config.yaml. */
export type ConfigNode =
  | { kind: 'section'; children: ReadonlyMap<string, ConfigNode> }
  /** Any key may stand in it: labels. */
  | { kind: 'record' }
  | { kind: 'list' }
  | { kind: 'value' };

export type ConfigSection = Extract<ConfigNode, { kind: 'section' }>;

/** Every key that config.yaml may have, read off the schema so that the two cannot differ. */
export const CONFIG_KEYS = describe(configSchema) as ConfigSection;

/** Dotted paths of every section and value: `Orchestrator`, `Orchestrator.API`, `Orchestrator.API.Port`, … */
export const CONFIG_PATHS: readonly string[] = pathsIn(CONFIG_KEYS, []);

function describe(type: z.core.$ZodType): ConfigNode {
  if (type instanceof z.ZodDefault || type instanceof z.ZodPrefault || type instanceof z.ZodOptional)
    return describe(type.def.innerType);
  if (type instanceof z.ZodObject) {
    return {
      kind: 'section',
      children: new Map(Object.entries(type.shape).map(([key, child]) => [key, describe(child as z.core.$ZodType)])),
    };
  }
  if (type instanceof z.ZodRecord) return { kind: 'record' };
  if (type instanceof z.ZodArray) return { kind: 'list' };
  return { kind: 'value' };
}

function pathsIn(section: ConfigSection, above: string[]): string[] {
  return [...section.children].flatMap(([key, child]) => {
    const path = [...above, key];
    return [path.join('.'), ...(child.kind === 'section' ? pathsIn(child, path) : [])];
  });
}
