import { hasUnsaved } from './unsaved.js';

/** The entry script for which the page was reloaded, so that it is reloaded once for each. */
const KEY = 'rollcall.loaded-anew-for';
const ENTRY = /<script[^>]+type="module"[^>]+src="([^"]+)"/;

/** The page's entry script. Vite names it by its content, so another build has another name. */
function entryHere(): string | undefined {
  return document.querySelector('script[type="module"]')?.getAttribute('src') ?? undefined;
}

/** The entry script of the page that the api serves now; undefined if it does not answer. */
async function entryServed(): Promise<string | undefined> {
  try {
    const answer = await fetch('/', { headers: { accept: 'text/html' }, cache: 'no-store' });
    return answer.ok ? ENTRY.exec(await answer.text())?.[1] : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Decides what to do about a part that failed to load. After an upgrade of the api this page's parts are gone, so it is reloaded: once for each
 * version, and never over unsaved input, so that two replicas of different versions cause no endless reloads.
 * @returns `reloading`; `newer` if only the viewer may reload the page; or `same` if the api serves this very page
 */
export async function loadNewerPage(): Promise<'reloading' | 'newer' | 'same'> {
  const served = await entryServed();
  if (served === undefined || served === entryHere()) return 'same';
  if (hasUnsaved() || !rememberOnce(served)) return 'newer';
  location.reload();
  return 'reloading';
}

/** @returns whether the page was not yet reloaded for this entry script */
function rememberOnce(entry: string): boolean {
  try {
    if (sessionStorage.getItem(KEY) === entry) return false;
    sessionStorage.setItem(KEY, entry);
    return true;
  } catch {
    // Storage is forbidden here, so the viewer decides.
    return false;
  }
}
