import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname } from 'node:path';

/** The version of this agent, as the package.json of the installation has it. */
export function agentVersion(): string {
  const manifest: { version?: string } = JSON.parse(readFileSync(manifestPath(), 'utf8'));
  return manifest.version ?? 'unknown';
}

/** The folder that holds what this agent is made of. */
export function agentHome(): string {
  return dirname(manifestPath());
}

/** Compiled files lie one folder deeper. */
function manifestPath(): string {
  const path = findPackageJSON('../..', import.meta.url);
  if (path === undefined) throw new Error('The agent is not inside its package: package.json is missing');
  return path;
}
