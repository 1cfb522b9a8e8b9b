import { createHash } from 'node:crypto';

/** The id of the session that a caller opens under an Idempotency-Key: however often it is asked for, it is one session. */
export function sessionIdFor(principal: string, idempotencyKey: string): string {
  const bytes = createHash('sha256')
    .update(JSON.stringify(['session', principal, idempotencyKey]))
    .digest()
    .subarray(0, 16);
  // A UUID whose bits mean what its maker says (RFC 9562, version 8).
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
