import { InvalidFilterPatternError } from './cloudwatchLogs/errors';
import { type JsonTest, parseJsonPattern, selectedBy } from './cloudwatchLogs/json';
import { fieldsOf, type LineTest, namesOf, parseColumns, parseTerms } from './cloudwatchLogs/terms';

export { InvalidFilterPatternError } from './cloudwatchLogs/errors';

/** Longest filter pattern that PutMetricFilter takes. */
export const maximumFilterPatternLength = 1024;

/** A filter pattern that was found valid, compiled for matching. */
export interface FilterPattern {
  readonly source: string;
  readonly json?: JsonTest;
  readonly line?: LineTest;
  /** What the pattern names in an event that matches, such as `$.eventName` or `$status`; terms name nothing. */
  readonly extract?: (message: string) => Readonly<Record<string, string>>;
}

/**
 * Parses a CloudWatch Logs filter pattern: JSON (`{ $.eventName = "…" }`), columns (`[a, b = 4*]`), or terms.
 * An empty pattern matches everything. Throws `InvalidFilterPatternError`.
 */
export function parseFilterPattern(source: string): FilterPattern {
  if (source.length > maximumFilterPatternLength) {
    throw new InvalidFilterPatternError(`${source.length} characters, more than ${maximumFilterPatternLength}`);
  }
  const text = source.trim();
  if (text.startsWith('{')) {
    if (!text.endsWith('}')) {
      throw new InvalidFilterPatternError('a closing brace is missing');
    }
    const inside = text.slice(1, -1);
    return { source, json: parseJsonPattern(inside), extract: (message) => selectedBy(inside, parsed(message)) };
  }
  if (text.startsWith('[') && text.endsWith(']')) {
    const inside = text.slice(1, -1);
    return { source, line: parseColumns(inside), extract: (message) => namesOf(inside, fieldsOf(message)) };
  }
  return { source, line: parseTerms(text) };
}

/** Whether a log event matches: its text, or, to spare the parsing of JSON, its value. */
export function matchesFilterPattern(pattern: FilterPattern, event: unknown): boolean {
  if (pattern.json) {
    const value = typeof event === 'string' ? parsed(event) : event;
    return typeof value === 'object' && value !== null && pattern.json(value);
  }
  return pattern.line?.(typeof event === 'string' ? event : JSON.stringify(event)) ?? false;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
