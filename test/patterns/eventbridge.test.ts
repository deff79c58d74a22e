import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidEventPatternError, matchesEventPattern, parseEventPattern } from '../../patterns/eventbridge';

interface Case {
  readonly name: string;
  readonly pattern: unknown;
  readonly event: unknown;
  readonly expected: string;
}

const fixtures = join(__dirname, '../fixtures/eventbridge-patterns/cases.json');

function verdict(pattern: unknown, event: unknown): string {
  try {
    return matchesEventPattern(parseEventPattern(pattern), event) ? 'match' : 'no match';
  } catch (error) {
    if (error instanceof InvalidEventPatternError) {
      return `invalid: ${error.reason}`;
    }
    throw error;
  }
}

describe("AWS's rule engine's own cases", () => {
  test.each(JSON.parse(readFileSync(fixtures, 'utf8')) as Case[])('$name', ({ pattern, event, expected }) => {
    expect(verdict(pattern, event)).toBe(expected);
  });
});
