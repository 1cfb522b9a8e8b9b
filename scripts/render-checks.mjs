/**
 * The built-in checks of the agent.
 * @param {Record<string, { limit?: number, means: string }>} checks
 */
export function checkTable(checks) {
  const rows = Object.entries(checks).map(([name, { limit, means }]) => `| \`${name}\` | ${limit ?? ''} | ${means} |`);
  return ['| built in | `Limit` | unfit where |', '|---|---|---|', ...rows, ''].join('\n');
}
