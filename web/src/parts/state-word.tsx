import classes from './state-word.module.css';

export type Tone = 'ok' | 'warn' | 'bad' | 'busy' | 'idle';

interface StateWordProps {
  tone: Tone;
  children: string;
  /** Further text on hover. */
  title?: string | undefined;
}

/** A state as a word with a coloured dot; the colour adds nothing to the word. */
export function StateWord({ tone, children, title }: StateWordProps) {
  return (
    <span className={`${classes['word']} live`} data-tone={tone} title={title}>
      {children}
    </span>
  );
}
