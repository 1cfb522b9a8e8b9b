import { lt, parse } from 'semver';

/** Whether an agent of this version is older than an api of that one. What is no version counts as older: nobody can tell that it is not. */
export function isOutdated(agent: string, api: string): boolean {
  const version = parse(agent);
  return version === null || lt(version, api);
}
