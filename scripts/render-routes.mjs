/**
 * @typedef {{ tags?: string[], summary: string, 'x-rollcall-access': string }} Route
 * @typedef {{ paths: Record<string, Record<string, Route>> }} OpenApi
 */

/**
 * Every route of the api: what it does, and who may call it.
 * @param {OpenApi} openapi
 */
export function routeTable({ paths }) {
  const rows = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, route]) => `| \`${method.toUpperCase()} ${path}\` | ${route['x-rollcall-access']} | ${route.summary} |`,
    ),
  );
  return ['| route | for | what it does |', '|---|---|---|', ...rows, ''].join('\n');
}
