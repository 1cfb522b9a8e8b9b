import { parseArgs } from 'node:util';
import { ConfigError } from './config-error.js';
import { settingsHelp } from './settings-help.js';
import { readConfig } from './read-config.js';
import type { Config } from './schema.js';

/**
 * The configuration of a process started as `program [--config FILE] [--set Dotted.Key=value]…`.
 * @param argv the arguments after the program: `process.argv.slice(2)`
 * @throws ConfigError, also for an unknown option
 */
export function configFromArgv(argv: string[], env: Readonly<Record<string, string | undefined>>): Config {
  const { config, set } = options(argv);
  return readConfig({ path: config, env, flags: Object.fromEntries(set.map(flag)) });
}

/**
 * {@link configFromArgv} for a main program: `--help` prints the usage and exits with 0; an invalid configuration prints one sentence on stderr
 * and exits with 2.
 */
export function configOrExit(program: string, argv = process.argv.slice(2), env = process.env): Config {
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(usageOf(program));
    process.exit(0);
  }
  try {
    return configFromArgv(argv, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${program}: ${error.message}\n`);
    process.exit(2);
  }
}

function usageOf(program: string): string {
  return `Usage: ${program} [--config FILE] [--set Dotted.Key=value]...

Settings come from flags, then the environment (ORCHESTRATOR__API__PORT), then the file, then defaults:
${settingsHelp('Orchestrator', 'WebUI', 'Compute.Heartbeat')}`;
}

function options(argv: string[]): { config?: string | undefined; set: string[] } {
  try {
    const { values } = parseArgs({
      args: argv,
      options: { config: { type: 'string' }, set: { type: 'string', multiple: true } },
      strict: true,
    });
    return { config: values.config, set: values.set ?? [] };
  } catch (error) {
    const [sentence] = (error as Error).message.split(/\. |\n/);
    throw new ConfigError(`${sentence}; the options are --config FILE and --set Dotted.Key=value`);
  }
}

function flag(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new ConfigError(`--set ${text} has no value: write it as --set Orchestrator.API.Port=8480`);
  return [text.slice(0, at), text.slice(at + 1)];
}
