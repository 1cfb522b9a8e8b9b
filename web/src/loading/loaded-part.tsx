import { lazy, type ComponentType } from 'react';

type Load<Props extends object> = () => Promise<{ default: ComponentType<Props> }>;

/** A part of the page whose script did not come. `forget` lets the next attempt load it anew. */
export class PartNotLoaded extends Error {
  override readonly name = 'PartNotLoaded';

  constructor(
    cause: unknown,
    readonly forget: () => void,
  ) {
    super('A part of the page could not be loaded.', { cause });
  }
}

/**
 * A part that is loaded when it is first shown, like React's `lazy`, but for two things: a boundary that caught its failure can try again, and
 * `ahead` loads it before somebody wants it. A part that could not be loaded ahead is loaded when it is shown.
 */
export function loadedPart<Props extends object>(load: Load<Props>) {
  let attempt: ComponentType<Props> | undefined;
  const begin = () => {
    const loading = load().catch((error: unknown) => {
      loadFailedStylesAnew();
      throw new PartNotLoaded(error, forget);
    });
    const begun: ComponentType<Props> = lazy(() => loading);
    const forget = () => {
      if (attempt === begun) attempt = undefined;
    };
    attempt = begun;
    return { begun, loading, forget };
  };
  function Part(props: Props) {
    // Not in an effect: React renders what waits for a part from the beginning when it has come.
    const Loaded = attempt ?? begin().begun;
    return <Loaded {...props} />;
  }
  const ahead = () => {
    if (attempt !== undefined) return;
    const { loading, forget } = begin();
    loading.catch(forget);
  };
  return Object.assign(Part, { ahead });
}

/** Vite adds a style sheet once and never again: one that did not come is asked for anew by a link of its own. */
function loadFailedStylesAnew(): void {
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]'))
    if (link.sheet === null) link.replaceWith(link.cloneNode());
}
