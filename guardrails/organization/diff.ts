/** A statement as a document holds it. */
type Document = Readonly<Record<string, unknown>>;

/**
 * What it means that policies take the place of others, line by line: statements that come (`+`) or go (`-`), and in
 * those that stay, what their lists gain and lose. Pure.
 *
 * @param before documents as JSON
 */
export function documentDiff(before: readonly string[], after: readonly string[]): string[] {
  const [old, fresh] = [before, after].map(
    (documents) => new Map(documents.flatMap((document) => [...statementsOf(document)])),
  ) as [Map<string, Document>, Map<string, Document>];
  const names = [...new Set([...old.keys(), ...fresh.keys()])];
  return names.flatMap((name) => {
    const [one, other] = [old.get(name), fresh.get(name)];
    if (!one || !other) {
      return other ? [`+ ${name}: ${summary(other)}`] : [`- ${name}`];
    }
    const lines = valueDiff(one, other);
    return lines.length === 0 ? [] : [`~ ${name}`, ...lines.map((line) => `    ${line}`)];
  });
}

function statementsOf(content: string): Map<string, Document> {
  try {
    const { Statement = [] } = JSON.parse(content) as { Statement?: Document | Document[] };
    return new Map([Statement].flat().map((statement, index) => [String(statement.Sid ?? index + 1), statement]));
  } catch {
    return new Map();
  }
}

function summary({ Action, NotAction, Resource, Condition }: Document): string {
  const actions = Action === undefined ? `all but ${some(list(NotAction))}` : some(list(Action));
  const resources = list(Resource).includes('*') ? '' : ` on ${some(list(Resource))}`;
  const conditions = Object.values((Condition ?? {}) as Record<string, object>).flatMap(Object.keys);
  return `deny ${actions}${resources}${conditions.length > 0 ? `, by ${[...new Set(conditions)].join(', ')}` : ''}`;
}

const shownAtMost = 3;

function some(values: readonly string[]): string {
  const rest = values.length - shownAtMost;
  return rest > 1 ? `${values.slice(0, shownAtMost).join(', ')} and ${rest} more` : values.join(', ');
}

/** Texts of both sides by where they stand, such as `Condition.ArnNotLike.aws:PrincipalArn`. */
function valueDiff(one: Document, other: Document): string[] {
  const [old, fresh] = [placed(one), placed(other)];
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((place) => {
    const [gone, come] = [old.get(place) ?? [], fresh.get(place) ?? []];
    return [
      ...gone.filter((text) => !come.includes(text)).map((text) => `- ${place}: ${text}`),
      ...come.filter((text) => !gone.includes(text)).map((text) => `+ ${place}: ${text}`),
    ];
  });
}

function placed(value: unknown, place = '', found = new Map<string, string[]>()): Map<string, string[]> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [key, member] of Object.entries(value)) {
      placed(member, place === '' ? key : `${place}.${key}`, found);
    }
  } else {
    found.set(place, list(value));
  }
  return found;
}

function list(value: unknown): string[] {
  return value === undefined ? [] : [value].flat().map(String);
}
