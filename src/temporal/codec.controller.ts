import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { payloadsSchema, type Payloads } from '../../contract/schemas/payloads.js';
import { Roles } from '../auth/access.decorators.js';
import { Operation } from '../http/operation.decorator.js';
import { CodecServer } from './codec-server.js';

/** Temporal's own limit of a message, in bytes. */
const PAYLOADS_LIMIT = 4 * 1_024 * 1_024;
const CHANGES_NOTHING = { changesNothing: true, bodyLimit: PAYLOADS_LIMIT };
const NAMESPACE = ApiHeader({
  name: 'X-Namespace',
  required: false,
  description: 'the namespace that they are of, as the Web UI and the command `temporal` say it',
});

/** Codec server for Temporal's Web UI and the `temporal` command: shows people encrypted payloads. See docs/adr/0039. */
@ApiTags('temporal')
@Controller('v1/codec')
export class CodecController {
  constructor(private readonly codec: CodecServer) {}

  @Post('decode')
  @HttpCode(200)
  @Roles('operator', 'cluster', CHANGES_NOTHING)
  @NAMESPACE
  @Operation({
    summary: "Decrypt payloads, for Temporal's Web UI and `temporal --codec-endpoint`",
    description:
      "Temporal's remote codec protocol. What is not encrypted comes back as it is. 400 where there is no key for one of them, with its place.",
    answers: { 200: { description: 'the same in clear, in the same order', schema: payloadsSchema } },
    refuses: ['PAYLOAD_TOO_LARGE'],
  })
  decodePayloads(
    @Body({ schema: payloadsSchema }) body: Payloads,
    @Headers('X-Namespace') namespace?: string,
  ): Promise<Payloads> {
    return this.codec.decode(body, namespace);
  }

  @Post('encode')
  @HttpCode(200)
  @Roles('operator', 'cluster', CHANGES_NOTHING)
  @NAMESPACE
  @Operation({
    summary: 'Encrypt payloads, for what people send to workflows by Web UI or command',
    description: "Temporal's remote codec protocol. Where payloads are not encrypted, they come back as they are.",
    answers: { 200: { description: 'the same encrypted, in the same order', schema: payloadsSchema } },
    refuses: ['PAYLOAD_TOO_LARGE'],
  })
  encodePayloads(
    @Body({ schema: payloadsSchema }) body: Payloads,
    @Headers('X-Namespace') namespace?: string,
  ): Promise<Payloads> {
    return this.codec.encode(body, namespace);
  }
}
