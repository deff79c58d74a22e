import { InvalidEventPatternError } from './errors';
import type { FieldCondition, Test } from './matchers';
import { parseExpression } from './operators';
import { PatternReader } from './reader';

/** One way to satisfy a pattern: all of its fields. The key is the path, its steps joined by dots. */
export type Alternative = ReadonlyMap<string, FieldCondition>;

/** EventBridge multiplies out `$or`; a pattern with more alternatives than this is refused. */
const maximumAlternatives = 1000;

/** Names that may not be fields inside `$or`: operators, and words that AWS's rule engine keeps for later ones. */
const reserved: ReadonlySet<string> = new Set(
  (
    'exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex not-wildcard ' +
    'not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before in-date-range ' +
    'ip-address-in-range ip-address-not-in-range'
  ).split(' '),
);

/** Parses the JSON text of a pattern into its alternatives. Throws `InvalidEventPatternError`. */
export function parseAlternatives(source: string): Alternative[] {
  try {
    return parse(source, true);
  } catch (error) {
    if (!source.includes('$or')) {
      throw error;
    }
    return asOrdinaryField(source, error);
  }
}

function parse(source: string, orIsOperator: boolean): Alternative[] {
  const reader = new PatternReader(source);
  if (reader.first().kind !== 'object') {
    throw reader.error('Filter is not an object');
  }
  return new PatternParser(reader, orIsOperator).fields([], [], false);
}

/** `$or` was a field's name before it was an operator: a list of plain values under it still is one. */
function asOrdinaryField(source: string, error: unknown): Alternative[] {
  try {
    return parse(source, false);
  } catch {
    throw error;
  }
}

type Draft = Map<string, FieldCondition>;

class PatternParser {
  constructor(
    private readonly reader: PatternReader,
    private readonly orIsOperator: boolean,
  ) {}

  /** Reads the fields of the object that is open, and adds them to every alternative so far. */
  fields(alternatives: Draft[], path: readonly string[], insideOr: boolean): Draft[] {
    let current = alternatives;
    let found = false;
    for (let name = this.reader.key(); name !== undefined; name = this.reader.key()) {
      found = true;
      current =
        this.orIsOperator && name === '$or' ? this.or(current, path) : this.field(current, [...path, name], insideOr);
    }
    if (!found) {
      throw this.reader.error('Empty objects are not allowed');
    }
    return current;
  }

  private field(alternatives: Draft[], path: readonly string[], insideOr: boolean): Draft[] {
    const name = path[path.length - 1] as string;
    const token = this.reader.value();
    if (insideOr && reserved.has(name)) {
      throw this.reader.errorAtValue(`${name} is Ruler reserved fieldName which cannot be used inside $or.`, token);
    }
    if (token.kind === 'object') {
      return this.fields(alternatives, path, insideOr);
    }
    if (token.kind !== 'array') {
      throw this.reader.errorAtValue(`"${name}" must be an object or an array`, token);
    }
    const condition = this.condition();
    const result = alternatives.length === 0 ? [new Map<string, FieldCondition>()] : alternatives;
    for (const alternative of result) {
      // A path that stands twice counts as it stands the last time.
      alternative.set(path.join('.'), condition);
    }
    return result;
  }

  private condition(): FieldCondition {
    const tests: Test[] = [];
    let absent = false;
    let empty = true;
    for (let token = this.reader.element(); token.kind !== 'end array'; token = this.reader.element()) {
      empty = false;
      const expression = parseExpression(this.reader, token);
      if (expression === 'absent') {
        absent = true;
      } else {
        tests.push(expression);
      }
    }
    if (empty) {
      throw this.reader.error('Empty arrays are not allowed');
    }
    return { tests, absent };
  }

  private or(alternatives: Draft[], path: readonly string[]): Draft[] {
    if (this.reader.value().kind !== 'array') {
      throw this.reader.error('It must be an Array followed with $or.');
    }
    const result: Draft[] = [];
    let members = 0;
    for (let token = this.reader.element(); token.kind !== 'end array'; token = this.reader.element()) {
      members += 1;
      if (token.kind !== 'object') {
        throw this.reader.error('Only JSON object is allowed in array of $or relationship.');
      }
      const copies =
        alternatives.length === 0 ? [new Map<string, FieldCondition>()] : alternatives.map((one) => new Map(one));
      result.push(...this.fields(copies, path, true));
      if (result.length > maximumAlternatives) {
        throw new InvalidEventPatternError(
          `Rule is too complex - the $or relationships make more than ${maximumAlternatives} combinations`,
        );
      }
    }
    if (members < 2) {
      throw this.reader.error('There must have at least 2 Objects in $or relationship.');
    }
    return result;
  }
}
