/** Generates the types and methods of client-python from openapi.json. `npm run openapi` calls it. */
import { readFile, writeFile } from 'node:fs/promises';
import { renderOperations } from './render-python-operations.mjs';
import { PythonTypes } from './render-python-types.mjs';

/**
 * @import { Operation } from './render-python-operations.mjs'
 * @import { Schema } from './render-python-types.mjs'
 * @typedef {{ paths: Record<string, Record<string, Operation>>, components: { schemas: Record<string, Schema> } }} Description
 */

const HEAD = '# Generated from openapi.json by scripts/python-client.mjs: do not edit, run `npm run openapi`.\n';
const FOLDER = new URL('../client-python/rollcall_client/', import.meta.url);

/** The files by name. @param {Description} description */
export function pythonClient({ paths, components }) {
  const types = new PythonTypes(components.schemas);
  const operations = renderOperations(paths, types);
  return {
    'types_gen.py': `${HEAD}from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


${types.render()}`,
    'operations_gen.py': `${HEAD}from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

from .events import FollowedEvent, follow
from .pages import items
from .problems import RollcallError
from .transport import Transport
from .types_gen import *


class Operations:
    """One method for each operation of the api: it returns the data of the answer, and raises a RollcallError."""

    _transport: Transport

${operations}
`,
  };
}

if (process.argv[1] === import.meta.filename) {
  const description = /** @type {Description} */ (
    JSON.parse(await readFile(new URL('../openapi.json', import.meta.url), 'utf8'))
  );
  for (const [name, text] of Object.entries(pythonClient(description))) await writeFile(new URL(name, FOLDER), text);
}
