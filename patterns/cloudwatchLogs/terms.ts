import { InvalidFilterPatternError } from './errors';
import { compare, type Operator, parseOperand } from './values';

/** Whether a line of a log satisfies a pattern. */
export type LineTest = (message: string) => boolean;

/** Terms: all plain ones must occur, none of those with `-`, and one of those with `?` unless there are plain ones. */
export function parseTerms(pattern: string): LineTest {
  const terms = [...pattern.matchAll(/([-?]?)(?:"((?:[^"\\]|\\.)*)"|%((?:[^%\\]|\\.)*)%|(\S+))/g)].map(
    ([, mark = '', quoted, expression, bare]) => ({ mark, test: termTest(quoted ?? bare, expression) }),
  );
  const withMark = (wanted: string) => terms.filter(({ mark }) => mark === wanted).map(({ test }) => test);
  const [required, refused, optional] = [withMark(''), withMark('-'), withMark('?')];
  return (message) =>
    required.every((test) => test(message)) &&
    !refused.some((test) => test(message)) &&
    // Optional terms mean nothing beside required ones.
    (optional.length === 0 || required.length > 0 || optional.some((test) => test(message)));
}

function termTest(text: string | undefined, expression: string | undefined): LineTest {
  if (expression !== undefined) {
    const operand = parseOperand({ kind: 'expression', text: expression });
    return (message) => compare(message, '=', operand);
  }
  return (message) => message.includes(text ?? '');
}

/** Columns between brackets: `[ip, user, ..., status = 4*, size > 1000]`. */
export function parseColumns(inside: string): LineTest {
  const columns = inside.split(',').map((column) => column.trim());
  const dots = columns.indexOf('...');
  if (dots !== columns.lastIndexOf('...') || columns.some((column) => column === '')) {
    throw new InvalidFilterPatternError('a name for every column, and at most one ...');
  }
  const before = columns.slice(0, dots < 0 ? undefined : dots).map(columnTest);
  const after = dots < 0 ? [] : columns.slice(dots + 1).map(columnTest);
  return (message) => {
    const fields = [...message.matchAll(/"([^"]*)"|\[([^\]]*)\]|(\S+)/g)].map(
      ([, quoted, bracketed, bare]) => quoted ?? bracketed ?? bare ?? '',
    );
    const enough = dots < 0 ? fields.length === before.length : fields.length >= before.length + after.length;
    return (
      enough &&
      before.every((test, index) => test(fields[index] as string)) &&
      after.every((test, index) => test(fields[fields.length - after.length + index] as string))
    );
  };
}

function columnTest(column: string): LineTest {
  const members = column.split('||').map((part) => part.split('&&').map((one) => comparisonTest(one.trim())));
  return (field) => members.some((all) => all.every((test) => test(field)));
}

function comparisonTest(text: string): LineTest {
  const parts = /^([\w-]+)\s*(?:(!=|<=|>=|=|<|>)\s*(?:"([^"]*)"|%([^%]*)%|(\S+)))?$/.exec(text);
  if (!parts) {
    throw new InvalidFilterPatternError(`not a column: ${text}`);
  }
  const [, , operator, quoted, expression, word] = parts;
  if (operator === undefined) {
    return () => true;
  }
  const kind = expression !== undefined ? 'expression' : quoted !== undefined ? 'quoted' : 'word';
  const operand = parseOperand({ kind, text: expression ?? quoted ?? word ?? '' });
  return (field) => compare(operand.kind === 'number' ? Number(field) : field, operator as Operator, operand);
}
