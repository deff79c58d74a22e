import type { AlertThreshold } from '../alert';
import { digest } from '../hash';
import { at, number, text, texts } from './read';

/** What a counter remembers: beyond that it is told sooner, never not at all. */
const mostEvents = 2_000;
const longestWindow = 14 * 86_400;

/**
 * The threshold of a detection that counts. A mark that makes no sense is none: the alert is sent for every event, as
 * it is better seen too often than never.
 */
export function readThreshold(detection: unknown, event: unknown, accountId: string): AlertThreshold | undefined {
  const mark = at(detection, 'threshold');
  const [count, windowSeconds] = [number(mark, 'count') ?? 0, number(mark, 'windowSeconds') ?? 0];
  if (count < 2 || windowSeconds < 1) {
    return undefined;
  }
  const values = texts(mark, 'by').map((path) => text(event, ...path.replace(/^\$\./, '').split('.')) ?? '');
  return {
    count: Math.min(Math.ceil(count), mostEvents),
    windowSeconds: Math.min(windowSeconds, longestWindow),
    key: digest([text(detection, 'id') ?? '', accountId, ...values]),
  };
}
