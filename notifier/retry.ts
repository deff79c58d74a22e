import type { Outcome } from './order';
import type { SeverityBand } from './settings';

/** The longest pause between two attempts. The more severe, the sooner it is tried again after an outage. */
const longestPause: Readonly<Record<SeverityBand, number>> = { Critical: 300, High: 600, Medium: 900, Low: 900 };
const firstPause = 2;
/** The longest pause that comes on top of what a destination asked for. */
const longestExtra = 120;

/**
 * Seconds until a message is tried again: doubling from 2 seconds, never more than its severity allows, give or take
 * some by chance so that many messages do not come back at once. Six hours of it are fewer than 100 attempts.
 *
 * @param receives how often SQS has delivered the message, from 1
 * @param chance between 0 and 1
 */
export function pauseAfter(receives: number, band: SeverityBand, chance: number): number {
  const doubled = firstPause * 2 ** Math.min(Math.max(receives - 1, 0), 12);
  const pause = Math.min(doubled, longestPause[band]);
  return Math.ceil(pause * (0.85 + chance * 0.3));
}

/**
 * Seconds until a message is tried again that a destination, or another invocation, asked to wait. In a storm the
 * messages that wait longest come more seldom, so that none uses up its attempts by waiting.
 */
export function pauseAsAsked(seconds: number, receives: number, band: SeverityBand, chance: number): number {
  return Math.max(
    Math.ceil(seconds),
    receives < 2 ? 0 : Math.min(pauseAfter(receives - 1, band, chance), longestExtra),
  );
}

/** How often a message looks at short intervals whether what it waits for has come. */
const shortWaits = 12;

/** Seconds until a message comes again that is not done with yet. */
export function pauseFor(
  { seconds, exactly }: Extract<Outcome, { kind: 'later' }>,
  receives: number,
  band: SeverityBand,
  chance: number,
): number {
  return exactly ? seconds : pauseWaiting(seconds, receives, band, chance);
}

/**
 * Seconds until a message looks again whether another one, which it follows, has been sent. That one may wait for the
 * end of an outage: then both wait with the same pauses, so that none uses up its attempts by waiting.
 */
export function pauseWaiting(seconds: number, receives: number, band: SeverityBand, chance: number): number {
  return receives > shortWaits ? pauseAfter(receives, band, chance) : pauseAsAsked(seconds, receives, band, chance);
}
