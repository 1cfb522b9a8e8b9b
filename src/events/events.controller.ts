import { Controller, Headers, Query, Sse, type MessageEvent } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Observable } from 'rxjs';
import { eventStreamQuerySchema, type EventStreamQuery } from '../../contract/schemas/events.js';
import { Roles } from '../auth/access.decorators.js';
import { CallingAdministrator, type Administrator } from '../auth/caller.js';
import { Operation } from '../http/operation.decorator.js';
import { EventStream } from './event-stream.js';

@ApiTags('events')
@Controller('v1/events')
export class EventsController {
  constructor(private readonly stream: EventStream) {}

  @Sse()
  @Roles('viewer')
  @ApiHeader({
    name: 'last-event-id',
    required: false,
    description: 'where the reader was before',
    schema: { type: 'string' },
  })
  @Operation({
    summary: 'What happens to all nodes, as it happens (server-sent events)',
    description:
      'Each message has the type `node` and one NodeEvent as its data. A reader that comes back with Last-Event-ID misses nothing.',
    answers: {
      200: {
        description: 'events, for as long as the reader stays',
        other: { type: 'text/event-stream', component: 'NodeEvent' },
      },
    },
  })
  streamEvents(
    @CallingAdministrator() { principal }: Administrator,
    @Query({ schema: eventStreamQuerySchema }) query: EventStreamQuery,
    @Headers('last-event-id') lastEventId?: string,
  ): Observable<MessageEvent> {
    return this.stream.open(principal, query, lastEventId);
  }
}
