import { InvalidEventPatternError } from './errors';
import { fold, type Test } from './matchers';
import type { PatternReader } from './reader';
import { matchesWildcard, maximumWildcardComplexity, parseWildcard, wildcardComplexity } from './wildcard';

const onlyOneKey = 'Only one key allowed in match expression';
const tooComplex =
  'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character';

/** How a text of an event is compared with that of a pattern. */
export type Comparison = (value: string, wanted: string) => boolean;

/** Checks that an expression has one key: what follows is its end. */
export function closed<T>(reader: PatternReader, result: T, reason = onlyOneKey): T {
  if (reader.key() !== undefined) {
    throw reader.errorAtValue(reason, reader.value());
  }
  return result;
}

/** The test of a text. */
export function textTest(wanted: string, comparison: Comparison): Test {
  return (value) => typeof value === 'string' && comparison(value, wanted);
}

/** As `textTest`, without regard to case. */
export function foldedTest(wanted: string, comparison: Comparison): Test {
  const folded = fold(wanted);
  return (value) => typeof value === 'string' && comparison(fold(value), folded);
}

/** The test of a text's form. Throws `InvalidEventPatternError`. */
export function wildcardTest(reader: PatternReader, text: string): Test {
  try {
    const parts = parseWildcard(text);
    if (wildcardComplexity(parts) > maximumWildcardComplexity) {
      throw new InvalidEventPatternError(tooComplex);
    }
    return (value) => typeof value === 'string' && matchesWildcard(parts, value);
  } catch (error) {
    throw error instanceof InvalidEventPatternError ? error : reader.error((error as Error).message);
  }
}
