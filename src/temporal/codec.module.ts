import { Module } from '@nestjs/common';
import { CodecCors } from './codec-cors.js';
import { CodecServer } from './codec-server.js';
import { PayloadsModule } from './payloads.module.js';

/** Codec server for people who look into Temporal. */
@Module({ imports: [PayloadsModule], providers: [CodecCors, CodecServer], exports: [CodecServer] })
export class CodecModule {}
