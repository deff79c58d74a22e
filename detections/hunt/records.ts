import { type CloudTrailRecord, isRecord } from '../record';

/** A record may come by itself, in an EventBridge event, in the answer of LookupEvents, or in a list. */
export function recordsIn(value: unknown): CloudTrailRecord[] {
  if (!isRecord(value)) {
    return [];
  }
  if (typeof value.eventName === 'string') {
    return [value];
  }
  if (typeof value.CloudTrailEvent === 'string') {
    return recordsIn(JSON.parse(value.CloudTrailEvent));
  }
  const list = value.Records ?? value.Events;
  if (Array.isArray(list)) {
    return list.flatMap(recordsIn);
  }
  return [value.detail, value.event].flatMap((inner) =>
    isRecord(inner) && typeof inner.eventName === 'string' ? [inner] : [],
  );
}
