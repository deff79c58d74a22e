/** A pattern in which `*` stands for any run of characters, for whole texts, in any case. Linear in the text. */
export function wildcard(pattern: string): { test(text: string): boolean } {
  const parts = pattern.toLowerCase().split('*');
  return { test: (text) => matches(parts, text.toLowerCase()) };
}

function matches(parts: readonly string[], text: string): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) {
    return text === first;
  }
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) {
    return false;
  }
  let at = first.length;
  const end = text.length - last.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) {
      return false;
    }
    at = found + part.length;
  }
  return true;
}
