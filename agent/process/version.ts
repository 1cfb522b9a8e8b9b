import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname } from 'node:path';

/** The agent's version, from the package.json of the installation. */
export function agentVersion(): string {
  const manifest: { version?: string } = JSON.parse(readFileSync(manifestPath(), 'utf8'));
  return manifest.version ?? 'unknown';
}

/** The folder of the agent's installation. */
export function agentHome(): string {
  return dirname(manifestPath());
}

/** Compiled files are one folder deeper. */
function manifestPath(): string {
  const path = findPackageJSON('../..', import.meta.url);
  if (path === undefined) throw new Error('The agent is not inside its package: package.json is missing');
  return path;
}
