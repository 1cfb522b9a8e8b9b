import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** The version of this Rollcall, as the package.json of the installation has it. */
export function ownVersion(): string {
  const path = findPackageJSON('..', import.meta.url);
  const { version } = (path === undefined ? {} : JSON.parse(readFileSync(path, 'utf8'))) as { version?: string };
  return version ?? 'unknown';
}
