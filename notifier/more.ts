/**
 * What not every function needs: built as a second bundle, `more.js`, which the first one loads when it does. So a cold
 * start reads no code for destinations that nobody has.
 */
export { flushDigest, putInDigest } from './digesting';
export { readOtherEvent } from './events/others';
export { digestMessage } from './message/digestMessage';
export { japanese } from './message/japanese';
export { repeat } from './repeating';
export { selfTest } from './selfTest';
export { memoryTable } from './state/memoryTable';
export { destinationOf } from './transports';
export { fetchSecret } from './transports/fetchSecret';
export { deliverWithoutTable } from './withoutTable';
