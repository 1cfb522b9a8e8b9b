import { z } from 'zod';
import { ProviderRefusal } from './provider-errors.js';

/** Default polling interval of RFC 8628, in seconds. */
const POLL_EVERY_S = 5;
const MOST_POLL_EVERY_S = 60;
/** Maximum lifetime, in seconds, whatever the provider allows. */
const MOST_EXPIRES_IN_S = 1_800;

/** The provider's answer to the begin of a device authorization. */
export interface BegunDevice {
  /** Known to this api only. */
  deviceCode: string;
  userCode: string;
  verificationUri: string;
  /** Address that includes the code; null where the provider has none. */
  verificationUriComplete: string | null;
  expiresInS: number;
  pollEveryS: number;
}

/** The provider does not support the device authorization grant. */
export class NoDeviceEndpoint extends ProviderRefusal {
  constructor() {
    super('it has no way for command lines to sign people in');
  }
}

const address = z.url({ protocol: /^https?$/ }).max(2_048);

/** Strict, since the answer is shown in terminals, and opened and typed by people. */
const answerSchema = z.object({
  device_code: z.string().min(1).max(8_192),
  user_code: z.string().regex(/^[\x21-\x7e]{1,64}$/),
  verification_uri: address,
  verification_uri_complete: address.optional(),
  expires_in: z.number().min(1),
  interval: z.number().optional(),
});

/** @throws ProviderRefusal where the answer is invalid */
export function begunDevice(answer: unknown): BegunDevice {
  const { success, data, error } = answerSchema.safeParse(answer);
  if (!success) throw new ProviderRefusal('its answer for a command line is malformed', { cause: error });
  const interval = Math.ceil(data.interval ?? POLL_EVERY_S);
  return {
    deviceCode: data.device_code,
    userCode: data.user_code,
    verificationUri: data.verification_uri,
    verificationUriComplete: data.verification_uri_complete ?? null,
    expiresInS: Math.min(Math.floor(data.expires_in), MOST_EXPIRES_IN_S),
    pollEveryS: Math.min(Math.max(interval, 1), MOST_POLL_EVERY_S),
  };
}
