import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** The version of this agent, as the package.json of the installation has it; compiled files lie one folder deeper. */
export function agentVersion(): string {
  const path = findPackageJSON('../..', import.meta.url);
  if (path === undefined) throw new Error('The agent is not inside its package: package.json is missing');
  const manifest: { version?: string } = JSON.parse(readFileSync(path, 'utf8'));
  return manifest.version ?? 'unknown';
}
