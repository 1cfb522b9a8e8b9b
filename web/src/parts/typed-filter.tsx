import { TextInput, type TextInputProps } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';

/** Debounce of the input, in milliseconds, before the api is asked. */
const TYPING_PAUSE_MS = 250;

interface TypedFilterProps extends Omit<TextInputProps, 'value' | 'onChange' | 'onBlur'> {
  /** Value from the address. */
  value: string;
  onChange: (value: string) => void;
}

/** A text field that filters a list. It reports its text after a pause or when it loses the focus, and always shows the filter in force. */
export function TypedFilter({ value, onChange, ...props }: TypedFilterProps) {
  const [text, setText] = useState(value);
  const tell = useDebouncedCallback(onChange, { delay: TYPING_PAUSE_MS, flushOnUnmount: false });
  const [known, setKnown] = useState(value);
  if (value !== known) {
    // The address has changed: by this field, or by a link or the back button.
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
