/** A wildcard pattern cut at its stars: `a*b` is `['a', 'b']`. */
export type WildcardParts = readonly string[];

/** Cuts a wildcard pattern; `\*` and `\\` stand for themselves. Throws an `Error` with EventBridge's reason. */
export function parseWildcard(text: string): WildcardParts {
  const parts = [''];
  const characters = [...text];
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index] as string;
    const next = characters[index + 1];
    // EventBridge counts bytes from the quote that it puts before the text.
    const place = Buffer.byteLength(characters.slice(0, index).join('')) + 1;
    if (character === '*') {
      if (next === '*') {
        throw new Error(`Consecutive wildcard characters at pos ${place}`);
      }
      parts.push('');
    } else if (character === '\\') {
      if (next !== '*' && next !== '\\') {
        throw new Error(`Invalid escape character at pos ${place}`);
      }
      parts[parts.length - 1] += next;
      index += 1;
    } else {
      parts[parts.length - 1] += character;
    }
  }
  return parts;
}

/** Whether the whole of `value` has the form of the pattern. */
export function matchesWildcard(parts: WildcardParts, value: string): boolean {
  const [first = ''] = parts;
  if (parts.length === 1) {
    return value === first;
  }
  const last = parts[parts.length - 1] as string;
  if (value.length < first.length + last.length || !value.startsWith(first) || !value.endsWith(last)) {
    return false;
  }
  let position = first.length;
  const end = value.length - last.length;
  for (let index = 1; index < parts.length - 1; index += 1) {
    const part = parts[index] as string;
    const found = value.indexOf(part, position);
    if (found < 0 || found + part.length > end) {
      return false;
    }
    position = found + part.length;
  }
  return true;
}

/**
 * In how many places of the pattern a matching could stand at once, in the worst case: its stars, and the characters
 * after stars that repeat. Equals what AWS's rule engine measures for a single pattern.
 */
export function wildcardComplexity(parts: WildcardParts): number {
  if (parts.length === 1) {
    return 0;
  }
  // The quotes around the value count as characters; what stands before the first star is left behind.
  const segments = parts.slice(1).map((part, index) => (index === parts.length - 2 ? `${part}"` : part));
  let most = 0;
  for (const segment of segments) {
    for (let length = 1; length <= segment.length; length += 1) {
      const read = segment.slice(0, length);
      most = Math.max(
        most,
        segments.reduce((sum, other) => sum + prefixesThatEnd(other, read), 0),
      );
    }
  }
  return parts.length - 1 + most;
}

function prefixesThatEnd(segment: string, read: string): number {
  let count = 0;
  for (let length = 1; length <= segment.length; length += 1) {
    count += read.endsWith(segment.slice(0, length)) ? 1 : 0;
  }
  return count;
}

/** EventBridge refuses 11 (`*:*:*:*:*:event-bus/*`) and accepts 7; where between them it draws the line is not published. */
export const maximumWildcardComplexity = 10;
