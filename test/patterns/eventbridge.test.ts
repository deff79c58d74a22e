import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidEventPatternError, matchesEventPattern, parseEventPattern } from '../../patterns/eventbridge';

interface Case {
  readonly name: string;
  readonly pattern: unknown;
  readonly event: unknown;
  readonly expected: string;
}

const fixtures = join(__dirname, '../fixtures/eventbridge-patterns');

function load<T>(file: string): T[] {
  return JSON.parse(readFileSync(join(fixtures, file), 'utf8')) as T[];
}

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
  test.each(load<Case>('cases.json'))('$name', ({ pattern, event, expected }) => {
    expect(verdict(pattern, event)).toBe(expected);
  });
});

test('random patterns and events get the answers of AWS’s rule engine', () => {
  const cases = load<{ pattern: string; event: string; expected: string }>('generated.json');
  const wrong = cases.filter(
    ({ pattern, event, expected }) => verdict(pattern, JSON.parse(event)).split(':')[0] !== expected,
  );
  expect(cases.length).toBeGreaterThan(300);
  expect(wrong).toEqual([]);
});

describe('a pattern that EventBridge refuses', () => {
  test.each([
    [{ a: 1 }, '"a" must be an object or an array'],
    [{ a: [] }, 'Empty arrays are not allowed'],
    [{}, 'Empty objects are not allowed'],
    [[], 'Filter is not an object'],
    [{ a: [{ EXISTS: true }] }, 'Unrecognized match type EXISTS'],
    [{ a: [{ numeric: ['>', 0, '>', 0] }] }, 'Bad numeric range operator: >'],
    [{ a: [{ numeric: ['>', 0, '<'] }] }, 'Value of < must be numeric'],
    [{ a: [{ 'anything-but': { cidr: '10.0.0.0/8' } }] }, 'Unsupported anything-but pattern: cidr'],
    [
      { a: [{ 'anything-but': [1, 'b'] }] },
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    ],
    [{ a: [{ cidr: '10.0.0.0/32' }] }, 'IPv4 mask bits must be < 32'],
    [{ a: [{ wildcard: 'a**b' }] }, 'Consecutive wildcard characters at pos 2'],
    [{ $or: [{ a: [1] }] }, 'There must have at least 2 Objects in $or relationship.'],
    [
      { a: [{ wildcard: '*:*:*:*:*:event-bus/*' }] },
      'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character',
    ],
  ])('%j: %s', (pattern, reason) => {
    expect(verdict(pattern, {})).toBe(`invalid: ${reason}`);
  });

  test('is told with its place in the text', () => {
    const place = (text: string) => {
      try {
        parseEventPattern(text);
        return '';
      } catch (error) {
        return (error as InvalidEventPatternError).location;
      }
    };
    expect(place('{"int": 42}')).toBe('at [Source: (String)"{"int": 42}"; line: 1, column: 11]');
    expect(place('{"string": "my-value"}')).toContain('line: 1, column: 13]');
    expect(place('{"a": [\n {"NUMERIC": ["=", 5]}]}')).toContain('line: 2, column: 15]');
  });

  test('may not multiply out to more than a thousand alternatives', () => {
    const or = (key: string) => ({ $or: Array.from({ length: 11 }, (_, index) => ({ [`${key}${index}`]: [1] })) });
    expect(verdict({ a: or('x'), b: or('y') }, {})).toBe('no match');
    expect(verdict({ a: or('x'), b: or('y'), c: or('z') }, {})).toContain('invalid: Rule is too complex');
  });
});

describe('numbers, networks and names', () => {
  test.each([
    [{ a: [300] }, { a: 300.0 }, 'match'],
    [{ a: [1e3] }, { a: 1000 }, 'match'],
    [{ a: [{ numeric: ['=', 5] }] }, { a: '5' }, 'no match'],
    [{ a: [{ cidr: '2000::/3' }] }, { a: '40.1.1.1' }, 'match'],
    [{ a: [{ cidr: '10.0.0.0/8' }] }, { a: 'AWS Internal' }, 'no match'],
    [{ a: [{ 'anything-but': 'x' }] }, {}, 'no match'],
    [{ a: [{ 'anything-but': 'x' }] }, { a: null }, 'match'],
    [{ 'a.b': [1] }, { a: { b: 1 } }, 'match'],
    [{ a: { b: [1] } }, { 'a.b': 1 }, 'match'],
    [{ constructor: [{ exists: false }] }, {}, 'match'],
    [{ a: [1] }, 'text', 'no match'],
  ])('%j and %j: %s', (pattern, event, expected) => {
    expect(verdict(pattern, event)).toBe(expected);
  });
});
