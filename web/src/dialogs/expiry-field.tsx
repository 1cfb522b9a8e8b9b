import { parseDuration } from '../../../contract/duration.js';
import { DurationField } from './duration-field.js';

interface Expiry {
  label: string;
  description: string;
  usual: string;
  form: string;
}

const EXPIRIES = {
  apiToken: {
    label: 'Expires after',
    description: 'How long it works: 1m to 3650d.',
    usual: '90d',
    form: 'Write it as 12h or 90d.',
  },
  joinToken: {
    label: 'Expires after',
    description: 'How long it works: 1m to 365d.',
    usual: '24h',
    form: 'Write it as 30m, 24h or 7d.',
  },
  bootstrapToken: {
    label: 'Token expires after',
    description: 'How long the token waits to be used: 1m to 24h.',
    usual: '30m',
    form: 'Write it as 30m, 1h or 24h.',
  },
} satisfies Record<string, Expiry>;
type TokenKind = keyof typeof EXPIRIES;

/** Initial value for such a token: the api's default, if it has one. */
export function usualExpiry(of: TokenKind): string {
  return EXPIRIES[of].usual;
}

/** What is wrong with the text; undefined if nothing is. */
export function wrongExpiry(of: TokenKind, text: string): string | undefined {
  return parseDuration(text) ? undefined : EXPIRIES[of].form;
}

interface ExpiryFieldProps {
  of: TokenKind;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
}

/** Lifetime of a new token. */
export function ExpiryField({ of, ...field }: ExpiryFieldProps) {
  const { label, description, usual } = EXPIRIES[of];
  return <DurationField label={label} description={description} placeholder={usual} {...field} />;
}
