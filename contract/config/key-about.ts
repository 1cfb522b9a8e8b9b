import { z } from 'zod';
import type { Followed } from '../followed.js';

/** Description of a key of config.yaml, from which documentation, `--help`, log redaction and reloading are derived. */
export interface KeyAbout {
  /** Its meaning in a few words, as Markdown. */
  means: string;
  /** Unit of a number. */
  unit?: 'duration' | 'per second' | 'port' | 'MB' | 'heartbeats' | 'nodes' | 'part of one';
  /** Never logged and never repeated in an error. */
  secret?: true;
  /** How a running process gets a new value. Absent: only when it starts. */
  followed?: Followed;
  /** The effective value if it is not set. */
  unset?: string;
  /** `npm start` sets it. */
  embedded?: true;
  /** Where to read more, relative to docs. */
  see?: string;
}

const ABOUT = z.registry<KeyAbout>();

/** A key of the configuration, with its description. */
export function key<Type extends z.ZodType>(type: Type, about: KeyAbout): Type {
  ABOUT.add(type, about);
  return type;
}

/** @throws Error if the key has no description */
export function aboutOf(type: z.core.$ZodType, path: string): KeyAbout {
  const about = ABOUT.get(type);
  if (about === undefined) throw new Error(`configuration key ${path} does not say what it means: declare it by key()`);
  return about;
}
