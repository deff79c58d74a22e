import type { Threshold } from '../detection';
import { bursts } from '../thresholds';

/** An event that counts towards a threshold, and what the queue would get of it. */
export interface CountedEvent {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly body: string;
}

/**
 * Of one actor's events in a file those that decide: what fills the threshold within the file, and at its ends as many
 * as may fill it together with the files before and behind. A flood of refusals is not a flood of messages.
 */
export function worthCounting(events: readonly CountedEvent[], threshold: Threshold): CountedEvent[] {
  const sorted = [...events].sort((one, other) => one.time - other.time);
  const edge = threshold.count - 1;
  const chosen = new Set([...sorted.slice(0, edge), ...(edge > 0 ? sorted.slice(-edge) : [])]);
  const times = sorted.map(({ time }) => time);
  for (const { first } of bursts(times, threshold)) {
    const start = times.indexOf(first);
    for (const event of sorted.slice(start, start + threshold.count)) {
      chosen.add(event);
    }
  }
  return [...chosen].sort((one, other) => one.time - other.time);
}
