import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { CONFIG_KEYS, type ConfigKey } from '../../contract/config/config-keys.js';
import type { Config } from '../../contract/config/schema.js';
import { shownConfig } from '../../contract/config/shown-config.js';
import { formatDuration } from '../../contract/duration.js';
import type { settingsSchema } from '../../contract/schemas/support.js';
import { InjectConfig } from '../process/config.js';
import { ROLLCALL_VERSION } from '../process/program.js';

type Settings = z.infer<typeof settingsSchema>;

/** This replica's configuration for people: each key with its meaning, without secrets. */
@Injectable()
export class RunningSettings {
  constructor(@InjectConfig() private readonly config: Config) {}

  read(): Settings {
    const shown = shownConfig(this.config);
    return {
      version: ROLLCALL_VERSION,
      settings: CONFIG_KEYS.filter(({ path }) => path in shown || !isOfAgents(path)).map((key) =>
        settingOf(key, shown[key.path]),
      ),
    };
  }
}

/** Whether only agents read the key; the control plane shows just what was configured. */
function isOfAgents(path: string): boolean {
  return path.startsWith('Compute.');
}

function settingOf({ path, about, fallback }: ConfigKey, shown: unknown): Settings['settings'][number] {
  const value = shown === undefined ? null : textOf(shown, about.unit);
  return {
    key: path,
    value,
    default: fallback ?? null,
    changed: about.secret === true ? value !== null : value !== (fallback ?? null),
    unset: about.unset ?? null,
    unit: about.unit === 'duration' || about.unit === 'part of one' ? null : (about.unit ?? null),
    means: about.means,
    followed: about.followed ?? null,
  };
}

/** The value as it would be written in config.yaml. */
function textOf(value: unknown, unit: ConfigKey['about']['unit']): string {
  if (unit === 'duration' && typeof value === 'number') return formatDuration(value);
  if (Array.isArray(value)) return value.map((one) => textOf(one, unit)).join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
