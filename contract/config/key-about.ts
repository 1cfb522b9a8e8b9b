import { z } from 'zod';
import type { Followed } from '../followed.js';

/** What people need to know of a key of config.yaml. Documentation, `--help`, log redaction and reloading are made of it. */
export interface KeyAbout {
  /** What it is, in a few words, as Markdown. */
  means: string;
  /** What a number counts. */
  unit?: 'duration' | 'per second' | 'port' | 'MB' | 'heartbeats' | 'nodes' | 'part of one';
  /** Never logged and never repeated in an error. */
  secret?: true;
  /** What lets a running process follow a new value. Absent: its next start. */
  followed?: Followed;
  /** What is so where it is not set. */
  unset?: string;
  /** `npm start` sets it. */
  embedded?: true;
  /** Where to read more, below docs. */
  see?: string;
}

const ABOUT = z.registry<KeyAbout>();

/** A key of the configuration, with what people need to know of it. */
export function key<Type extends z.ZodType>(type: Type, about: KeyAbout): Type {
  ABOUT.add(type, about);
  return type;
}

/** @throws Error where the key says nothing of itself */
export function aboutOf(type: z.core.$ZodType, path: string): KeyAbout {
  const about = ABOUT.get(type);
  if (about === undefined) throw new Error(`configuration key ${path} does not say what it means: declare it by key()`);
  return about;
}
