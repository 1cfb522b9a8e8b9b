import { setFlagsFromString } from 'node:v8';

/*
 * Keeps V8 from making the parts of requests in its old generation, where it puts what a code makes whose work lived long once: the first
 * requests after a start do, and from then on every dead one of that kind holds on to what the next ones are made of, until the whole heap is
 * collected. Nearly half of what was made outlived each collection of the young generation then, and at half of the api's pace one heartbeat in a
 * hundred waited 100 ms (docs/scale.md). Imported for that, before all else.
 */
setFlagsFromString('--no-allocation-site-pretenuring');
