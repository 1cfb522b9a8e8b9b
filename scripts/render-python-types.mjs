/**
 * @typedef {object} Schema
 * @property {string} [$ref]
 * @property {string | string[]} [type]
 * @property {unknown} [const]
 * @property {unknown[]} [enum]
 * @property {Schema[]} [anyOf]
 * @property {Record<string, Schema>} [properties]
 * @property {string[]} [required]
 * @property {Schema | boolean} [additionalProperties]
 * @property {Schema} [items]
 * @property {string} [description]
 */

const KEYWORDS = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
);
const PRIMITIVES = { string: 'str', integer: 'int', number: 'float', boolean: 'bool', null: 'None' };

/** @param {string} name */
export const snake = (name) => {
  const words = name.replace(/[^A-Za-z0-9]+/g, '_').replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_');
  return KEYWORDS.has(words.toLowerCase()) ? `${words.toLowerCase()}_` : words.toLowerCase();
};

/** @param {string} text */
export const quoted = (text) => JSON.stringify(text);

/** Python types for JSON Schemas: a TypedDict for each object, named after its component and the fields that lead to it. */
export class PythonTypes {
  /** @type {Map<string, string>} */
  #classes = new Map();
  /** @type {Record<string, Schema>} */
  #components;

  /** @param {Record<string, Schema>} components */
  constructor(components) {
    this.#components = components;
    for (const [name, schema] of Object.entries(components)) {
      if (schema.properties !== undefined) this.#addClass(name, schema);
      else this.#classes.set(name, `${name} = ${this.of(schema, name)}\n`);
    }
  }

  /**
   * @param {Schema} schema
   * @param {string} name of an object without a name of its own
   * @returns {string}
   */
  of(schema, name) {
    if (schema.$ref !== undefined) return /** @type {string} */ (schema.$ref.split('/').at(-1));
    if (schema.const !== undefined) return `Literal[${literal(schema.const)}]`;
    // As in queries.
    if (schema.enum?.join() === 'true,false') return 'bool';
    if (schema.enum !== undefined) return `Literal[${schema.enum.map(literal).join(', ')}]`;
    if (schema.anyOf !== undefined)
      return union(schema.anyOf.map((one, at) => this.of(one, at === 0 ? name : `${name}${at + 1}`)));
    const types = [schema.type ?? []].flat();
    return types.length === 0 ? 'Any' : union(types.map((type) => this.#ofType(type, schema, name)));
  }

  /** @param {string} page component of a page */
  itemOf(page) {
    const items = this.#components[page]?.properties?.['items']?.items;
    return items && this.of(items, `${page}Item`);
  }

  /** All types as Python code. */
  render() {
    return [...this.#classes.values()].join('\n\n');
  }

  /** @param {string} type @param {Schema} schema @param {string} name */
  #ofType(type, schema, name) {
    if (type === 'array') return `list[${schema.items === undefined ? 'Any' : this.of(schema.items, `${name}Item`)}]`;
    if (type !== 'object') return PRIMITIVES[/** @type {keyof typeof PRIMITIVES} */ (type)];
    if (schema.properties !== undefined) return this.#addClass(name, schema);
    const { additionalProperties } = schema;
    return `dict[str, ${typeof additionalProperties === 'object' ? this.of(additionalProperties, name) : 'Any'}]`;
  }

  /** @param {string} name @param {Schema} schema @returns {string} */
  #addClass(name, { properties = {}, required = [] }) {
    if (this.#classes.has(name)) throw new Error(`two objects would be ${name}`);
    // Placed before the types that its fields need.
    this.#classes.set(name, '');
    const fields = Object.entries(properties).map(([key, schema]) => {
      const type = this.of(schema, `${name}${key.charAt(0).toUpperCase()}${key.slice(1)}`);
      return { key, type: required.includes(key) ? type : `NotRequired[${type}]`, about: schema.description };
    });
    const isPlain = fields.every(({ key }) => /^[A-Za-z_]\w*$/.test(key) && !KEYWORDS.has(key));
    const lines = fields.map(({ key, type, about }) => {
      const comment = about === undefined ? [] : [`    # ${about.replaceAll('\n', ' ')}`];
      return [...comment, isPlain ? `    ${key}: ${type}` : `    ${quoted(key)}: ${quoted(type)},`].join('\n');
    });
    const body = lines.length > 0 ? lines.join('\n') : '    pass';
    this.#classes.set(
      name,
      isPlain ? `class ${name}(TypedDict):\n${body}\n` : `${name} = TypedDict(${quoted(name)}, {\n${body}\n})\n`,
    );
    return name;
  }
}

/** @param {string[]} types */
function union(types) {
  return [...new Set(types)].join(' | ');
}

/** @param {unknown} value */
function literal(value) {
  return typeof value === 'string' ? quoted(value) : String(value);
}
