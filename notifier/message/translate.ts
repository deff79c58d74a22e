/** A sentence as it is written, with places `{name}`, and as it is said in another language. */
export type Phrase = readonly [written: string, said: string];

/**
 * Says sentences in another language. What is written in no phrase stays as it is: records and the command line have
 * the sentences as they are written, and a new one is better read in English than not at all.
 */
export function translator(phrases: readonly Phrase[]): (sentence: string) => string {
  const forms = phrases.map(([written, said]) => ({ said, parts: written.split(/\{(\w+)\}/) }));
  return (sentence) => {
    for (const { parts, said } of forms) {
      const found = placesIn(sentence, parts);
      if (found !== undefined) {
        return said.replace(/\{(\w+)\}/g, (_, name: string) => found.get(name) ?? '');
      }
    }
    return sentence;
  };
}

/** What stands in the places, when the sentence is one of this form. Takes linear time, whatever the sentence holds. */
function placesIn(sentence: string, parts: readonly string[]): ReadonlyMap<string, string> | undefined {
  const [first = ''] = parts;
  if (parts.length === 1) {
    return sentence === first ? new Map() : undefined;
  }
  if (!sentence.startsWith(first)) {
    return undefined;
  }
  const found = new Map<string, string>();
  let start = first.length;
  for (let index = 1; index < parts.length; index += 2) {
    const [name = '', next = ''] = [parts[index], parts[index + 1]];
    const isLast = index + 2 >= parts.length;
    const end = isLast ? sentence.length - next.length : sentence.indexOf(next, start);
    if (end < start || (isLast && !sentence.endsWith(next))) {
      return undefined;
    }
    found.set(name, sentence.slice(start, end));
    start = end + next.length;
  }
  return found;
}
