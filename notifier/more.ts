/**
 * What not every function needs: built as a second bundle, `more.js`, which the first one loads when it does. So a cold
 * start reads no code for destinations that nobody has.
 */
export { flushDigest, putInDigest } from './digesting';
export { japanese } from './message/japanese';
export { selfTest } from './selfTest';
export { destinationOf } from './transports';
