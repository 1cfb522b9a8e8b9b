import { configFromArgv } from '../contract/config/config-from-argv.js';
import { ConfigError } from '../contract/config/config-error.js';
import { CONFIG_KEYS } from '../contract/config/config-keys.js';
import type { KeyAbout } from '../contract/config/key-about.js';
import type { Config } from '../contract/config/schema.js';
import { FatalError } from './process/exit-codes.js';
import type { Log } from './process/log.js';
import { settingsFrom, type Settings } from './settings.js';
import { trustOrchestrators } from './process/trust-only.js';

type Compute = Config['Compute'];

/** Reloads the configuration at SIGHUP, and logs which changes take effect. An invalid one changes nothing. */
export class Reload {
  constructor(
    private compute: Compute,
    /** Changed in place, so every reader has the settings in force. */
    private readonly settings: Settings,
    private readonly read: () => Compute,
    private readonly log: Log,
    /** Called when settings may have changed. */
    private readonly reread: () => void = () => {},
  ) {}

  now(): void {
    try {
      const next = this.read();
      // The file may have new content under the same name.
      trustOrchestrators(next.TLS.CAFile);
      // A node keeps its name.
      Object.assign(this.settings, settingsFrom(next), { name: this.settings.name });
      this.tell(changedKeys(this.compute, next));
      this.compute = next;
      this.reread();
    } catch (error) {
      if (!(error instanceof ConfigError) && !(error instanceof FatalError)) throw error;
      this.log.error(`the configuration was read again and is not used: ${error.message}`);
    }
  }

  private tell(changed: readonly string[]): void {
    const keys = (list: readonly string[]) => list.map((key) => `Compute.${key}`).join(', ');
    const [now, joining] = [changed.filter(isFollowed('at SIGHUP')), changed.filter(isFollowed('at joining'))];
    const later = changed.filter((key) => !now.includes(key) && !joining.includes(key));
    this.log.info(
      `the configuration was read again: ${now.length === 0 ? 'nothing new in what a running agent takes over' : `${keys(now)} in force`}`,
    );
    if (joining.length > 0)
      this.log.error(
        `${keys(joining)} changed, and is not used: a node keeps its name; to join under another, remove the node (rollcall node delete) and start with a new token and a new Compute.StateDir`,
      );
    if (later.length > 0) this.log.warn(`${keys(later)} changed: start the agent again for it`);
  }
}

/** The present configuration of `rollcall-agent`, from command line, environment and file. @throws ConfigError if it is invalid */
export function readCompute(argv: string[], env: NodeJS.ProcessEnv): Compute {
  return configFromArgv(argv, env).Compute;
}

/** Whether a key below Compute, or a parent of it, takes effect at a reload. */
function isFollowed(how: KeyAbout['followed']): (key: string) => boolean {
  const keys = CONFIG_KEYS.filter(({ about }) => about.followed === how).map(({ path }) => path);
  return (key) => keys.some((path) => `Compute.${key}` === path || `Compute.${key}`.startsWith(`${path}.`));
}

/** Dotted keys, below Compute, whose values differ. */
function changedKeys(before: object, after: object, path = ''): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const [one, other] = [before, after].map((section) => (section as Record<string, unknown>)[name]);
    if (JSON.stringify(one) === JSON.stringify(other)) return [];
    const isSection = isPlain(one) && isPlain(other) && path + name !== 'Labels';
    return isSection ? changedKeys(one, other, `${path}${name}.`) : [path + name];
  });
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
