/**
 * What not every function needs, and what none needs for its first alert: a second bundle, which the first one loads
 * when it does. A function's own holds what its settings can ask for (`stacks/alerts/notifierSource.ts`); this is all
 * of it, for tests and for the command.
 */
export { countOne } from './counting';
export { flushDigest, putInDigest } from './digesting';
export { withSequence } from './events/attackSequence';
export { withDetection } from './events/detection';
export { readOtherEvent } from './events/others';
export { readThreshold } from './events/threshold';
export { failed, simplified, unreadable, withoutTable } from './failing';
export { deliverFollowUp } from './followUps/deliver';
export { decideFollowUp } from './followUps/place';
export { parseFollowUp } from './followUps/read';
export { keepEvent } from './keeping';
export { appButtons } from './message/appButtons';
export { digestMessage } from './message/digestMessage';
export { followUpMessage } from './message/followUpMessage';
export { hideMessage } from './queueClient';
export { repeat } from './repeating';
export { pauseAfter, pauseFor } from './retry';
export { selfTest } from './selfTest';
export { memoryTable } from './state/memoryTable';
export { destinationOf } from './transports';
export { fetchSecret } from './transports/fetchSecret';
