import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** The version of this control plane, as its package.json has it; compiled files lie one folder deeper. */
export const ROLLCALL_VERSION = ownVersion();

function ownVersion(): string {
  const path = findPackageJSON('../..', import.meta.url);
  if (path === undefined) throw new Error('The control plane is not inside its package: package.json is missing');
  const { version }: { version?: string } = JSON.parse(readFileSync(path, 'utf8'));
  if (version === undefined) throw new Error(`${path} has no version`);
  return version;
}
