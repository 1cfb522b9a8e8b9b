import { Module } from '@nestjs/common';
import { PayloadEncryption } from './payload-encryption.js';
import { PayloadKeys } from './payload-keys.js';

/** Encryption of what Temporal stores. */
@Module({ providers: [PayloadKeys, PayloadEncryption], exports: [PayloadEncryption] })
export class PayloadsModule {}
