// What tests need of the operating system, and npm cannot install.
import { existsSync } from 'node:fs';
import { findBrowser, HOW_TO_GET_A_BROWSER } from './find-browser.mjs';
import { findOnPath, isProgram } from './find-program.mjs';

/**
 * @typedef {object} TestTool
 * @property {string} name
 * @property {string[]} packages of Debian
 * @property {() => boolean} isThere
 * @property {string} howToGet a sentence for the person who has to install it
 */

/** @type {TestTool} */
export const MODEL_CHECKER = {
  name: 'spin',
  packages: ['spin', 'gcc', 'libc6-dev'],
  isThere: () => findOnPath(['spin']) !== undefined && findOnPath(['gcc']) !== undefined,
  howToGet:
    'The model of the protocol is checked by spin, which needs gcc: install both (Debian: apt-get install spin gcc libc6-dev) so that they are on PATH.',
};

/** @type {TestTool} */
export const FALSE_CLOCK = {
  name: 'faketime',
  packages: ['faketime'],
  isThere: () => findOnPath(['faketime']) !== undefined,
  howToGet:
    'Processes whose clock is wrong need faketime: install it (Debian: apt-get install faketime) so that it is on PATH.',
};

/** @type {TestTool} */
export const PROMTOOL = {
  name: 'promtool',
  packages: ['prometheus'],
  isThere: () => findOnPath(['promtool']) !== undefined,
  howToGet:
    'Metrics and alerts are checked by promtool: install it (Debian: apt-get install prometheus) so that it is on PATH.',
};

/** @type {TestTool} The browser in CHROME_PATH is never replaced by another. */
export const BROWSER = {
  name: 'Chromium',
  packages: ['chromium'],
  isThere: () => findBrowser() !== undefined || process.env.CHROME_PATH !== undefined,
  howToGet: HOW_TO_GET_A_BROWSER,
};

/** @type {TestTool} Debian keeps initdb off PATH. */
const POSTGRESQL = {
  name: 'PostgreSQL',
  packages: ['postgresql'],
  isThere: () => findOnPath(['initdb']) !== undefined || existsSync('/usr/lib/postgresql'),
  howToGet: 'The cluster keeps Temporal in PostgreSQL: install it (Debian: apt-get install postgresql).',
};

/** @type {TestTool} */
const HAPROXY = {
  name: 'HAProxy',
  packages: ['haproxy'],
  isThere: () => findOnPath(['haproxy']) !== undefined || isProgram('/usr/sbin/haproxy'),
  howToGet: 'The cluster has HAProxy in front of its apis: install it (Debian: apt-get install haproxy).',
};

/** The programs of `npm run cluster`. @type {TestTool[]} */
export const CLUSTER_TOOLS = [POSTGRESQL, HAPROXY, BROWSER];

/** @type {TestTool[]} */
export const TEST_TOOLS = [BROWSER, MODEL_CHECKER, FALSE_CLOCK, PROMTOOL];
