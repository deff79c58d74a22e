/** Whether `text` has the form of `pattern`, in which `*` stands for any run of characters. Takes linear time. */
export function matchesWildcard(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const [first, last] = [parts[0] ?? '', parts.at(-1) ?? ''];
  if (parts.length === 1) {
    return pattern === text;
  }
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) {
    return false;
  }
  let position = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, position);
    if (found < 0) {
      return false;
    }
    position = found + part.length;
  }
  return position <= text.length - last.length;
}
