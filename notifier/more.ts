/**
 * What not every function needs: built as a second bundle, `more.js`, which the first one loads when it does. So a cold
 * start reads no code for destinations that nobody has.
 */
export { counted } from './counting';
export { flushDigest, putInDigest } from './digesting';
export { readEnvelope, readOtherEvent } from './events/others';
export { deliverFollowUp } from './followUps/deliver';
export { decideFollowUp } from './followUps/place';
export { followedBody, readFollowUp } from './followUps/read';
export { digestMessage } from './message/digestMessage';
export { followUpMessage } from './message/followUpMessage';
export { japanese } from './message/japanese';
export { repeat } from './repeating';
export { selfTest } from './selfTest';
export { memoryTable } from './state/memoryTable';
export { destinationOf } from './transports';
export { fetchSecret } from './transports/fetchSecret';
export { deliverWithoutTable } from './withoutTable';
