type Step = string | number | '*';

/** Splits a JSON path of EventBridge's kind: `$.detail.a-b`, `$.resources[0]`, `$.detail['x']`, `$.list[*].id`. */
function steps(path: string): Step[] {
  const found: Step[] = [];
  for (const match of path.slice(1).matchAll(/\.([^.[\]]+)|\[(\d+|\*)\]|\[['"]([^'"]+)['"]\]/g)) {
    const [, name, index, quoted] = match;
    if (index !== undefined) {
      found.push(index === '*' ? '*' : Number(index));
    } else {
      found.push(name ?? quoted ?? '');
    }
  }
  return found;
}

/** What a JSON path names in a document; `undefined` when there is nothing. A wildcard gives an array. */
export function atPath(document: unknown, path: string): unknown {
  let values: unknown[] = [document];
  let many = false;
  for (const step of steps(path)) {
    if (step === '*') {
      many = true;
      values = values.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
    } else {
      values = values.map((value) => child(value, step)).filter((value) => value !== undefined);
    }
  }
  return many ? values : values[0];
}

function child(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) {
    return undefined;
  }
  return (value as Record<string | number, unknown>)[step];
}
