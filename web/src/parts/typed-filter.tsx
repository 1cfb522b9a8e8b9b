import { TextInput, type TextInputProps } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';

/** While somebody types, in milliseconds: the api is asked when they pause. */
const TYPING_PAUSE_MS = 250;

interface TypedFilterProps extends Omit<TextInputProps, 'value' | 'onChange' | 'onBlur'> {
  /** What the address says. */
  value: string;
  onChange: (value: string) => void;
}

/** A field that the list is narrowed by. It tells what was typed after a pause or when it is left, and always shows what the list is narrowed by. */
export function TypedFilter({ value, onChange, ...props }: TypedFilterProps) {
  const [text, setText] = useState(value);
  const tell = useDebouncedCallback(onChange, { delay: TYPING_PAUSE_MS, flushOnUnmount: false });
  const [known, setKnown] = useState(value);
  if (value !== known) {
    // The address has changed: by what was typed here, or by other hands (a link, the way back).
    setKnown(value);
    if (value !== text.trim()) setText(value);
  }
  return (
    <TextInput
      size="xs"
      spellCheck={false}
      {...props}
      value={text}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        tell(currentTarget.value.trim());
      }}
      onBlur={() => tell.flush()}
    />
  );
}
