import classes from './state-word.module.css';

export type Tone = 'ok' | 'warn' | 'bad' | 'busy' | 'idle';

interface StateWordProps {
  tone: Tone;
  children: string;
  /** More on hover. */
  title?: string | undefined;
}

/** A state as a word with a dot: the colour says nothing that the word does not. */
export function StateWord({ tone, children, title }: StateWordProps) {
  return (
    <span className={`${classes['word']} live`} data-tone={tone} title={title}>
      {children}
    </span>
  );
}
