import { quoted, snake } from './render-python-types.mjs';

/**
 * @import { PythonTypes, Schema } from './render-python-types.mjs'
 * @typedef {{ content?: Record<string, { schema: Schema }> }} Body
 * @typedef {{ name: string, in: string, required?: boolean, schema: Schema, description?: string }} Parameter
 * @typedef {object} Operation
 * @property {string} operationId
 * @property {string} summary
 * @property {string} [description]
 * @property {boolean} [deprecated]
 * @property {Parameter[]} [parameters]
 * @property {Body & { required?: boolean }} [requestBody]
 * @property {Record<string, Body>} responses
 * @property {string} x-rollcall-access
 * @property {Record<string, string[]>} x-rollcall-problems
 */

const INDENT = '        ';
const STREAM = 'text/event-stream';

/**
 * A method for each operation; for a paginated one also a method that iterates over the items of all pages.
 * @param {Record<string, Record<string, Operation>>} paths
 * @param {PythonTypes} types
 */
export function renderOperations(paths, types) {
  return Object.entries(paths)
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })))
    .flatMap(({ path, method, operation }) => {
      const parts = partsOf(operation, types);
      if (parts.isStream) return [streamMethod(path, operation, parts)];
      return [
        callMethod(method.toUpperCase(), path, operation, parts),
        ...(parts.item === undefined ? [] : [iteratingMethod(operation, parts)]),
      ];
    })
    .join('\n\n');
}

/** @typedef {ReturnType<typeof partsOf>} Parts */

/** @param {Operation} operation @param {PythonTypes} types */
function partsOf({ operationId, parameters = [], requestBody, responses }, types) {
  /** @param {Parameter} parameter */
  const shown = ({ name, schema, required = false }) => ({
    name,
    python: snake(name),
    type: types.of(schema, ''),
    required,
  });
  const of = (/** @type {string} */ where) => parameters.filter((parameter) => parameter.in === where).map(shown);
  const good = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  const contents = good.flatMap(([, { content = {} }]) => Object.entries(content));
  const isStream = contents.some(([type]) => type === STREAM);
  const answers = contents.map(([type, { schema }]) =>
    type === 'application/json' ? types.of(schema, operationId) : type === 'application/octet-stream' ? 'bytes' : 'str',
  );
  const query = of('query');
  const page = query.some(({ name }) => name === 'cursor') ? answers[0] : undefined;
  return {
    path: of('path'),
    query,
    isStream,
    takesKey: parameters.some(({ name }) => name === 'Idempotency-Key'),
    body: requestBody && {
      type: types.of(requestBody.content?.['application/json']?.schema ?? {}, operationId),
      required: requestBody.required !== false,
    },
    answer: [...new Set(answers)].join(' | ') || 'None',
    item: page?.endsWith('Page') ? types.itemOf(page) : undefined,
  };
}

/** @param {string} method @param {string} path @param {Operation} operation @param {Parts} parts */
function callMethod(method, path, operation, parts) {
  const { query, body, takesKey, answer } = parts;
  const key = takesKey ? ['idempotency_key: str | None = None'] : [];
  const said = body === undefined ? [] : [body.required ? `body: ${body.type}` : `body: ${body.type} | None = None`];
  const call = [
    `${quoted(method)}, ${quoted(path)}`,
    ...namedValues('values', parts.path),
    ...namedValues('query', query),
    ...(body === undefined ? [] : ['body=body']),
    ...(takesKey ? ['key=idempotency_key'] : []),
    ...(answer === 'bytes' || answer === 'str' ? [`reads=${answer}`] : []),
  ].join(', ');
  return [
    signature(snake(operation.operationId), parts.path, [...said, ...optional(query), ...key], answer),
    documentation(operation),
    ...(answer === 'None'
      ? [`${INDENT}self._transport.call(${call})`]
      : [`${INDENT}data: ${answer} = self._transport.call(${call})`, `${INDENT}return data`]),
  ].join('\n');
}

/** @param {Operation} operation @param {Parts} parts */
function iteratingMethod({ operationId, summary }, { path, query, item }) {
  const name = snake(operationId);
  const wanted = query.filter(({ name: asked }) => asked !== 'cursor' && asked !== 'limit');
  const values = [...path.map(({ python }) => python), ...wanted.map(({ python }) => `${python}=${python}`)];
  return [
    signature(name.replace(/^list_/, 'iter_'), path, optional(wanted), `Iterator[${item}]`),
    `${INDENT}"""${summary}: of all pages, one after the other."""`,
    `${INDENT}return items(${[`self.${name}`, ...values].join(', ')})`,
  ].join('\n');
}

/** @param {string} path @param {Operation} operation @param {Parts} parts */
function streamMethod(path, operation, { query }) {
  const more = [
    'last_event_id: str = ""',
    'on_reset: Callable[[], None] | None = None',
    'on_trouble: Callable[[RollcallError], None] | None = None',
  ];
  return [
    signature('events', [], [...optional(query), ...more], 'Iterator[FollowedEvent]'),
    documentation(operation),
    `${INDENT}return follow(self._transport, ${quoted(path)}, ${namedValues('', query).join('').slice(1)}, last_event_id, on_reset, on_trouble)`,
  ].join('\n');
}

/** @param {string} name @param {Parts['path']} path @param {string[]} named @param {string} answer */
function signature(name, path, named, answer) {
  const positional = ['self', ...path.map(({ python, type }) => `${python}: ${type}`)];
  const all = [...positional, ...(named.length > 0 ? ['*', ...named] : [])];
  return `    def ${name}(${all.join(', ')}) -> ${answer}:`;
}

/** @param {Parts['query']} parameters */
function optional(parameters) {
  return parameters.map(({ python, type, required }) =>
    required ? `${python}: ${type}` : `${python}: ${type} | None = None`,
  );
}

/** @param {string} argument @param {Parts['query']} parameters */
function namedValues(argument, parameters) {
  if (parameters.length === 0) return argument === '' ? ['={}'] : [];
  return [`${argument}={${parameters.map(({ name, python }) => `${quoted(name)}: ${python}`).join(', ')}}`];
}

/** @param {Operation} operation */
function documentation(operation) {
  const { summary, description, deprecated } = operation;
  const codes = Object.values(operation['x-rollcall-problems']).flat();
  const lines = [
    `${summary}.`,
    ...(deprecated ? ['', 'Deprecated.'] : []),
    ...(description === undefined ? [] : ['', description]),
    '',
    `For: ${operation['x-rollcall-access']}. Refuses with: ${codes.join(', ')}.`,
  ];
  return `${INDENT}"""${lines.join(`\n${INDENT}`).replaceAll(/[ ]+\n/g, '\n')}\n${INDENT}"""`;
}
