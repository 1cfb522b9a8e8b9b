// The Chromium or Chrome that browser tests drive.
import { findOnPath, isProgram } from './find-program.mjs';

const NAMES = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser'];
const PLACES = [
  '/usr/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

export const HOW_TO_GET_A_BROWSER =
  'The tests of the web page need Chrome or Chromium: install it (Debian: apt-get install chromium) so that it is on PATH, or name its program in CHROME_PATH.';

/**
 * @param {Record<string, string | undefined>} env
 * @returns {string | undefined} the program's path
 */
export function findBrowser(env = process.env) {
  // A browser named by the environment is never replaced by another.
  if (env.CHROME_PATH) return isProgram(env.CHROME_PATH) ? env.CHROME_PATH : undefined;
  return findOnPath(NAMES, env) ?? PLACES.find(isProgram);
}
