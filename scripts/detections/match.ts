import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { InvalidEventPatternError, matchesEventPattern, parseEventPattern } from '../../patterns/eventbridge';
import type { Io } from '../io';

/** `garrison detections match`: a local test of any EventBridge pattern. */
export function registerMatch(command: Command, io: Io): void {
  command
    .command('match')
    .description(
      'Read JSON lines {"pattern": …, "event": …} and answer each with "match", "no match" or "invalid: why".',
    )
    .action(async () => {
      for await (const line of createInterface({ input: io.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
        if (!io.stdout.write(`${verdict(line)}\n`)) {
          await once(io.stdout, 'drain');
        }
      }
    });
}

/** The answer to one line. */
function verdict(line: string): string {
  const question = parse(line);
  if (typeof question === 'string') {
    return `invalid: ${question}`;
  }
  try {
    const pattern = parseEventPattern(question.pattern);
    return matchesEventPattern(pattern, question.event) ? 'match' : 'no match';
  } catch (error) {
    if (error instanceof InvalidEventPatternError) {
      return `invalid: ${error.reason.replace(/\s+/g, ' ')}`;
    }
    throw error;
  }
}

function parse(line: string): { pattern: unknown; event: object } | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return `the line is not JSON: ${(error as Error).message.replace(/\s+/g, ' ')}`;
  }
  if (typeof value !== 'object' || value === null || !('pattern' in value) || !('event' in value)) {
    return 'the line has no pattern and event';
  }
  const event = typeof value.event === 'string' ? parsed(value.event) : value.event;
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    return 'the event is not a JSON object';
  }
  return { pattern: value.pattern, event };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
