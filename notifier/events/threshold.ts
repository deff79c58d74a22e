import type { AlertThreshold } from '../alert';
import { digest } from '../hash';
import { at, number, text, texts } from './read';

const mostEvents = 2_000;
const longestWindow = 86_400;

/**
 * The threshold of a detection that counts. A mark that makes no sense is none: the alert is sent for every event, as
 * it is better seen too often than never.
 */
export function readThreshold(detection: unknown, event: unknown, accountId: string): AlertThreshold | undefined {
  const mark = at(detection, 'threshold');
  const [count, windowSeconds] = [number(mark, 'count') ?? 0, number(mark, 'windowSeconds') ?? 0];
  const sensible = count >= 2 && count <= mostEvents && windowSeconds >= 1 && windowSeconds <= longestWindow;
  if (!sensible) {
    return undefined;
  }
  const values = texts(mark, 'by').map((path) => text(event, ...path.replace(/^\$\./, '').split('.')) ?? '');
  return {
    count: Math.ceil(count),
    windowSeconds,
    key: digest([text(detection, 'id') ?? '', accountId, ...values]),
  };
}
