import type { FilterLogEventsRequest, GetLogEventsRequest, PutLogEventsRequest } from '@aws-sdk/client-cloudwatch-logs';
import { matchesFilterPattern } from '../../patterns/cloudwatchLogs';
import { paginate } from '../core/paginate';
import type { Handler } from '../core/service';
import { readPattern } from './filters';
import { invalid, type LogEvent, type LogGroup, type LogStream, type Logs } from './state';

const batchBytes = 1_048_576;
const eventOverhead = 26;
const batchEvents = 10_000;
const day = 86_400_000;
const twoHours = 7_200_000;

type Listener = (group: LogGroup, stream: LogStream, events: readonly LogEvent[]) => void;

function checkBatch(events: readonly { timestamp?: number; message?: string }[]): void {
  if (events.length === 0 || events.length > batchEvents) {
    throw invalid(
      `1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length between 1 and ${batchEvents}`,
    );
  }
  const bytes = events.reduce((sum, event) => sum + Buffer.byteLength(event.message ?? '') + eventOverhead, 0);
  if (bytes > batchBytes) {
    throw invalid('Upload too large: exceeds 1048576 bytes');
  }
  for (let index = 1; index < events.length; index += 1) {
    if ((events[index]?.timestamp ?? 0) < (events[index - 1]?.timestamp ?? 0)) {
      throw invalid('Log events in a single PutLogEvents request must be in chronological order.');
    }
  }
}

function putLogEvents(logs: Logs, listener: Listener): Handler {
  return (input: PutLogEventsRequest, context) => {
    const group = logs.group(input.logGroupName, context);
    const stream = logs.stream(group, input.logStreamName);
    const events = input.logEvents ?? [];
    checkBatch(events);
    const now = logs.now();
    const oldest = now - Math.min(14, group.retentionDays ?? 14) * day;
    const accepted: LogEvent[] = [];
    for (const event of events) {
      const timestamp = event.timestamp ?? 0;
      if (timestamp >= oldest && timestamp <= now + twoHours) {
        const id = String(BigInt(timestamp) * 10_000_000_000n + BigInt(stream.sequence)).padStart(56, '0');
        stream.sequence += 1;
        accepted.push({ id, timestamp, ingestionTime: now, message: event.message ?? '' });
      }
    }
    stream.events.push(...accepted);
    stream.events.sort((a, b) => a.timestamp - b.timestamp || (a.id < b.id ? -1 : 1));
    listener(group, stream, accepted);
    const old = events.filter((event) => (event.timestamp ?? 0) < oldest).length;
    const early = events.findIndex((event) => (event.timestamp ?? 0) > now + twoHours);
    const rejected = old > 0 || early >= 0;
    return {
      nextSequenceToken: String(stream.sequence),
      rejectedLogEventsInfo: rejected
        ? {
            tooOldLogEventEndIndex: old > 0 ? old : undefined,
            tooNewLogEventStartIndex: early >= 0 ? early : undefined,
          }
        : undefined,
    };
  };
}

function getLogEvents(logs: Logs): Handler {
  return (input: GetLogEventsRequest, context) => {
    const group = logs.group(input.logGroupName ?? input.logGroupIdentifier, context);
    const { events } = logs.stream(group, input.logStreamName);
    const wanted = events.filter((event) => within(event, input.startTime, input.endTime));
    const limit = Math.min(input.limit ?? 10_000, 10_000);
    const [, direction, at] = /^([fb])\/(\d+)$/.exec(input.nextToken ?? '') ?? [];
    let start = input.startFromHead ? 0 : Math.max(0, wanted.length - limit);
    if (direction) {
      start = direction === 'f' ? Number(at) : Math.max(0, Number(at) - limit);
    }
    const end = direction === 'b' ? Number(at) : Math.min(wanted.length, start + limit);
    return {
      events: wanted
        .slice(start, end)
        .map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
      nextForwardToken: `f/${end}`,
      nextBackwardToken: `b/${start}`,
    };
  };
}

function within(event: LogEvent, start: number | undefined, end: number | undefined): boolean {
  return event.timestamp >= (start ?? 0) && event.timestamp < (end ?? Number.POSITIVE_INFINITY);
}

function filterLogEvents(logs: Logs): Handler {
  return (input: FilterLogEventsRequest, context) => {
    const group = logs.group(input.logGroupName ?? input.logGroupIdentifier, context);
    const pattern = readPattern(input.filterPattern ?? '');
    const names = input.logStreamNames;
    const found = [...group.streams.values()]
      .filter(
        (stream) => (!names || names.includes(stream.name)) && stream.name.startsWith(input.logStreamNamePrefix ?? ''),
      )
      .flatMap((stream) =>
        stream.events
          .filter(
            (event) => within(event, input.startTime, input.endTime) && matchesFilterPattern(pattern, event.message),
          )
          .map(({ id, ...event }) => ({ logStreamName: stream.name, ...event, eventId: id })),
      )
      .sort((a, b) => a.timestamp - b.timestamp || (a.eventId < b.eventId ? -1 : 1));
    const page = paginate(found, {
      token: input.nextToken,
      size: input.limit,
      maximum: 10_000,
      invalidCode: 'InvalidParameterException',
    });
    return { events: page.items, searchedLogStreams: [], nextToken: page.nextToken };
  };
}

/** Writing and reading events. */
export function eventOperations(logs: Logs, listener: Listener): Record<string, Handler> {
  return {
    PutLogEvents: putLogEvents(logs, listener),
    GetLogEvents: getLogEvents(logs),
    FilterLogEvents: filterLogEvents(logs),
  };
}
