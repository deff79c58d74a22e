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
    const fields = fieldsOf(message);
    const enough = dots < 0 ? fields.length === before.length : fields.length >= before.length + after.length;
    return (
      enough &&
      before.every((test, index) => test(fields[index] as string)) &&
      after.every((test, index) => test(fields[fields.length - after.length + index] as string))
    );
  };
}

/** A line's fields: words, and what stands between quotes or brackets. */
export function fieldsOf(message: string): string[] {
  return [...message.matchAll(/"([^"]*)"|\[([^\]]*)\]|(\S+)/g)].map(
    ([, quoted, bracketed, bare]) => quoted ?? bracketed ?? bare ?? '',
  );
}

/** The fields of a line by the names of the columns; those that `...` stands for by their numbers, from 1. */
export function namesOf(inside: string, fields: readonly string[]): Record<string, string> {
  const columns = inside.split(',').map((column) => /^[\w-]+|^\.\.\./.exec(column.trim())?.[0] ?? '');
  const dots = columns.indexOf('...');
  const after = dots < 0 ? 0 : columns.length - dots - 1;
  const nameAt = (index: number) => {
    const name = dots < 0 || index < dots ? columns[index] : columns[columns.length - (fields.length - index)];
    const isNamed = dots < 0 || index < dots || index >= fields.length - after;
    return isNamed ? name : String(index + 1);
  };
  return Object.fromEntries(fields.map((field, index) => [`$${nameAt(index)}`, field]));
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
