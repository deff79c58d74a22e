/** Patterns come from policies: they are few. */
const compiled = new Map<string, RegExp>();

/** Whether text has a form of IAM's, in which `*` stands for any characters and `?` for one. */
export function matchesWildcard(pattern: string, text: string, ignoreCase = false): boolean {
  if (pattern === '*') {
    return true;
  }
  const key = `${ignoreCase ? 'i' : 'c'}${pattern}`;
  let expression = compiled.get(key);
  if (!expression) {
    const source = pattern
      .split(/(\*+|\?)/)
      .map((part) =>
        part.startsWith('*') ? '[^]*' : part === '?' ? '[^]' : part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
      )
      .join('');
    expression = new RegExp(`^${source}$`, ignoreCase ? 'i' : '');
    compiled.set(key, expression);
  }
  return expression.test(text);
}

const patternParts = new Map<string, readonly string[]>();

/**
 * Whether an ARN has the form of another: part by part, so that a `*` never reaches over the border between region and
 * account. The last part may hold colons.
 */
export function matchesArn(pattern: string, arn: string): boolean {
  if (pattern === '*') {
    return true;
  }
  let wanted = patternParts.get(pattern);
  if (!wanted) {
    wanted = partsOf(pattern);
    patternParts.set(pattern, wanted);
  }
  const given = partsOf(arn);
  return wanted.length === given.length && wanted.every((part, index) => matchesWildcard(part, given[index] as string));
}

function partsOf(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
