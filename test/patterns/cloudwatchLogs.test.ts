import { InvalidFilterPatternError, matchesFilterPattern, parseFilterPattern } from '../../patterns/cloudwatchLogs';

const verdict = (pattern: string, event: unknown) => matchesFilterPattern(parseFilterPattern(pattern), event);

describe('JSON filter patterns', () => {
  test.each([
    ['{ $.a = "x" }', { a: 'x' }, true],
    ['{$.a=x}', { a: 'x' }, true],
    ['{ $.a = "x*z" }', { a: 'xyz' }, true],
    ['{ $.a.b = "x" }', { a: { b: 'x' } }, true],
    ['{ $.a[1].b = "x" }', { a: [{}, { b: 'x' }] }, true],
    ['{ $.a[*].b = "x" }', { a: [{}, { b: 'x' }] }, true],
    ['{ $.a = 4 }', { a: 4 }, true],
    ['{ $.a > 4 }', { a: 5 }, true],
    ['{ $.a > 4 }', { a: '5' }, false],
    ['{ $.a = 1.5e1 }', { a: 15 }, true],
    ['{ $.a != "x" }', {}, true],
    ['{ $.a NOT EXISTS }', { b: 1 }, true],
    ['{ $.a NOT EXISTS }', { a: null }, false],
    ['{ $.a IS NULL }', { a: null }, true],
    ['{ $.a IS TRUE }', { a: true }, true],
    ['{ $.a IS FALSE }', { a: 'false' }, false],
    ['{ $.a = %^[hc]at$% }', { a: 'hat' }, true],
    ['{ $.a = 10.* }', { a: '10.1.2.3' }, true],
    // && binds tighter than ||
    ['{ $.a = 1 || $.b = 2 && $.c = 3 }', { a: 1 }, true],
    ['{ ($.a = 1 || $.b = 2) && $.c = 3 }', { a: 1 }, false],
  ])('%s on %j: %s', (pattern, event, expected) => {
    expect(verdict(pattern, event)).toBe(expected);
    expect(verdict(pattern, JSON.stringify(event))).toBe(expected);
  });

  test('a line that is no JSON matches none', () => {
    expect(verdict('{ $.a != "x" }', 'plain text')).toBe(false);
  });
});

test.each([
  '{ $.a = }',
  '{ $.a "x" }',
  '{ a = 1 }',
  '{ ($.a = 1 }',
  '{ $.a > "x" }',
  '{ $.a IS NOT NULL }',
  '{ $.a EXISTS }',
  '{ $.a = %(x)% }',
  '{ $.a = 1',
  `{ $.a = "${'x'.repeat(1024)}" }`,
  '{ $.a = %x% || $.b = %x% || $.c = %x% }',
])('refuses %.40s', (pattern) => {
  expect(() => parseFilterPattern(pattern)).toThrow(InvalidFilterPatternError);
});

describe('terms and columns', () => {
  test.each([
    ['', 'anything', true],
    ['ERROR', 'an ERROR here', true],
    ['ERROR', 'an error here', false],
    ['ERROR main', 'ERROR in main', true],
    ['ERROR -main', 'ERROR in main', false],
    ['?ERROR ?WARN', 'a WARN', true],
    ['"in main"', 'ERROR in main', true],
    ['[ip, user, ..., status=4*, size>1000]', '1.2.3.4 bob "GET /" 404 2000', true],
    ['[ip, user, ..., status=4*, size>1000]', '1.2.3.4 bob "GET /" 500 2000', false],
    ['[a, b]', 'one two three', false],
  ])('%s on %s: %s', (pattern, line, expected) => {
    expect(verdict(pattern, line)).toBe(expected);
  });
});
