import type { SeverityBand } from './settings';

/** The longest pause between two attempts. The more severe, the sooner it is tried again after an outage. */
const longestPause: Readonly<Record<SeverityBand, number>> = { Critical: 300, High: 600, Medium: 900, Low: 900 };
const firstPause = 5;

/**
 * Seconds until a message is tried again: doubling from 5 seconds, never more than its severity allows, a quarter of
 * it by chance so that many messages do not come back at once.
 *
 * @param receives how often SQS has delivered the message, from 1
 * @param chance between 0 and 1
 */
export function pauseAfter(receives: number, band: SeverityBand, chance: number): number {
  const doubled = firstPause * 2 ** Math.min(Math.max(receives - 1, 0), 12);
  const pause = Math.min(doubled, longestPause[band]);
  return Math.ceil(pause * (0.75 + chance / 4));
}

/** Adds a little to what a destination asked for, so that waiting messages do not come back all at once. */
export function pauseAsAsked(seconds: number, band: SeverityBand, chance: number): number {
  const spread: Readonly<Record<SeverityBand, number>> = { Critical: 0, High: 5, Medium: 15, Low: 30 };
  return Math.ceil(seconds + chance * spread[band]);
}
