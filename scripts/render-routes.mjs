/**
 * @typedef {{ tags?: string[], summary: string, 'x-rollcall-access': string, 'x-rollcall-reach'?: string }} Route
 * @typedef {{ paths: Record<string, Record<string, Route>> }} OpenApi
 */

/**
 * All routes of the api: what each does, and who may call it.
 * @param {OpenApi} openapi
 */
export function routeTable({ paths }) {
  const rows = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, route]) => `| \`${method.toUpperCase()} ${path}\` | ${whoMay(route)} | ${route.summary} |`,
    ),
  );
  return ['| route | for | what it does |', '|---|---|---|', ...rows, ''].join('\n');
}

const REACHES = /** @type {Record<string, string>} */ ({ nodes: ' over its nodes', cluster: ' without a scope' });

/** @param {Route} route */
function whoMay({ 'x-rollcall-access': access, 'x-rollcall-reach': reach = '' }) {
  return access + (REACHES[reach] ?? '');
}
