import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { looseEvents } from '../../notifier/events/loose';
import { GarrisonError } from '../../organization/errors';

const mostBytes = 64 * 1_048_576;

/** An event and where it was read. */
export interface FoundEvent {
  /** `FILE` or `FILE:LINE`. */
  readonly place: string;
  readonly event: unknown;
}

/**
 * Reads events from files, or from standard input for `-` and when none is named: a JSON document (event, list, log
 * file, output of `aws guardduty get-findings`) or one event on each line.
 *
 * @throws GarrisonError `events.unreadable` with the file and, for lines, the line; `events.none` when there is nothing
 */
export async function readEvents(files: readonly string[], stdin: Readable): Promise<FoundEvent[]> {
  const found: FoundEvent[] = [];
  for (const file of files.length > 0 ? files : ['-']) {
    const text = file === '-' ? await readAll(stdin) : await readFileText(file);
    found.push(...eventsIn(text, file === '-' ? 'standard input' : file));
  }
  if (found.length === 0) {
    const places =
      files.length > 0 ? files.map((file) => (file === '-' ? 'standard input' : file)) : ['standard input'];
    const remedy =
      'Give an EventBridge event, GuardDuty findings or CloudTrail records, in files or on standard input.';
    throw new GarrisonError('events.none', `There is no event in ${places.join(', ')}.`, remedy);
  }
  return found;
}

/** All text of a stream. */
export async function readAll(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    chunks.push(Buffer.from(chunk as Uint8Array));
  }
  return Buffer.concat(chunks).toString('utf8');
}

function eventsIn(content: string, file: string): FoundEvent[] {
  const text = content.replace(/^\uFEFF/, '').trim();
  const whole = parsed(text);
  if (whole !== undefined) {
    return looseEvents(whole.value).map((event) => ({ place: file, event }));
  }
  return text.split('\n').flatMap((line, index) => {
    const place = `${file}:${index + 1}`;
    if (line.trim() === '') {
      return [];
    }
    const value = parsed(line);
    if (value === undefined) {
      const remedy = 'Give a JSON document, or one JSON event on each line.';
      throw new GarrisonError('events.unreadable', `${place}: is not JSON`, remedy, { file, line: index + 1 });
    }
    return looseEvents(value.value).map((event) => ({ place, event }));
  });
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

async function readFileText(file: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    const remedy = 'Give the path of a file of events, or - for standard input.';
    throw new GarrisonError('events.unreadable', `${file}: cannot be read (${reason})`, remedy, { file }, { cause });
  }
  if (bytes.length > mostBytes) {
    throw new GarrisonError('events.unreadable', `${file}: is larger than 64 MiB`, 'Split the file.', { file });
  }
  return bytes.toString('utf8');
}
