import { Module } from '@nestjs/common';
import { PayloadEncryption } from './payload-encryption.js';
import { PayloadKeys } from './payload-keys.js';

/** How what Temporal keeps is encrypted. */
@Module({ providers: [PayloadKeys, PayloadEncryption], exports: [PayloadEncryption] })
export class PayloadsModule {}
