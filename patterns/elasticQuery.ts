type Json = Readonly<Record<string, unknown>>;

/**
 * Whether a document satisfies a query of Elasticsearch or OpenSearch: the clauses `bool`, `term`, `terms`, `range`,
 * `exists`, `prefix`, `wildcard` and `nested`. Lists stand for their elements, null for nothing, text is compared as a
 * keyword, a CIDR block in a `term` as an `ip` field does. Throws `TypeError` for any other clause.
 */
export function matchesElasticQuery(query: Json, document: unknown): boolean {
  const [[clause, body] = ['', undefined], ...more] = Object.entries(query);
  if (more.length > 0) {
    throw new TypeError('a query has one clause');
  }
  switch (clause) {
    case 'bool':
      return matchesBool(body as Json, document);
    case 'nested': {
      const { path, query: inner } = body as { path: string; query: Json };
      return valuesAt(document, path).some((element) => matchesElasticQuery(inner, wrapped(path, element)));
    }
    case 'exists':
      return valuesAt(document, (body as { field: string }).field).length > 0;
    default:
      return matchesField(clause, body as Json, document);
  }
}

function matchesBool(body: Json, document: unknown): boolean {
  const list = (name: string) => [body[name] ?? []].flat() as Json[];
  const matches = (query: Json) => matchesElasticQuery(query, document);
  const should = list('should');
  const required = Number(
    body.minimum_should_match ?? (should.length > 0 && list('filter').length + list('must').length === 0 ? 1 : 0),
  );
  return (
    [...list('must'), ...list('filter')].every(matches) &&
    !list('must_not').some(matches) &&
    should.filter(matches).length >= required
  );
}

function matchesField(clause: string, body: Json, document: unknown): boolean {
  const [[field, given] = ['', undefined]] = Object.entries(body);
  const values = valuesAt(document, field);
  const wanted = typeof given === 'object' && given !== null && 'value' in given ? given.value : given;
  switch (clause) {
    case 'term':
      return values.some((value) => equals(value, wanted));
    case 'terms':
      return values.some((value) => (given as unknown[]).some((one) => equals(value, one)));
    case 'prefix':
      return values.some((value) => typeof value === 'string' && value.startsWith(String(wanted)));
    case 'wildcard': {
      const expression = wildcard(String(wanted));
      return values.some((value) => typeof value === 'string' && expression.test(value));
    }
    case 'range':
      return values.some((value) => inRange(value, given as Json));
    default:
      throw new TypeError(`the clause ${clause} is not known here`);
  }
}

function equals(value: unknown, wanted: unknown): boolean {
  return (
    value === wanted ||
    (typeof value === 'string' && typeof wanted === 'string' && wanted.includes('/') && inNetwork(value, wanted))
  );
}

function inRange(value: unknown, bounds: Json): boolean {
  return Object.entries(bounds).every(([name, bound]) => {
    const [left, right] = [value as number, bound as number];
    switch (name) {
      case 'gt':
        return left > right;
      case 'gte':
        return left >= right;
      case 'lt':
        return left < right;
      case 'lte':
        return left <= right;
      default:
        throw new TypeError(`the bound ${name} is not known here`);
    }
  });
}

/** `*` any characters, `?` one; a backslash takes the meaning from what follows. */
function wildcard(pattern: string): RegExp {
  const source = pattern.replace(
    /\\(.)|([*?])|[.+^${}()|[\]]/g,
    (text, escaped: string | undefined, mark: string | undefined) => {
      if (mark) {
        return mark === '*' ? '[^]*' : '[^]';
      }
      return `\\${escaped ?? text}`;
    },
  );
  return new RegExp(`^${source}$`);
}

function inNetwork(address: string, network: string): boolean {
  const [base = '', bits = ''] = network.split('/');
  const [left, right] = [bitsOf(address), bitsOf(base)];
  return (
    left !== undefined &&
    right !== undefined &&
    left.length === right.length &&
    left.slice(0, Number(bits)) === right.slice(0, Number(bits))
  );
}

function bitsOf(address: string): string | undefined {
  const octets = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/i.exec(address)?.slice(1).map(Number);
  if (octets) {
    return octets.map((octet) => octet.toString(2).padStart(8, '0')).join('');
  }
  if (!/^[0-9a-f:]*:[0-9a-f:]*$/i.test(address)) {
    return undefined;
  }
  const [head = '', tail] = address.split('::');
  const groups = (text: string | undefined) => (text ? text.split(':') : []);
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...new Array<string>(Math.max(0, missing)).fill('0'), ...groups(tail)];
  return all.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('');
}

/** A nested document by itself: its fields keep their full names. */
function wrapped(path: string, element: unknown): unknown {
  return path.split('.').reduceRight<unknown>((inner, step) => ({ [step]: inner }), element);
}

function valuesAt(document: unknown, path: string): unknown[] {
  let values: unknown[] = [document];
  const steps = path.split('.');
  for (let index = 0; index < steps.length; index += 1) {
    values = values
      .flat(Number.POSITIVE_INFINITY)
      .flatMap((value) =>
        typeof value === 'object' && value !== null ? children(value as Json, steps.slice(index)) : [],
      );
  }
  return values.flat(Number.POSITIVE_INFINITY).filter((value) => value !== null && value !== undefined);
}

function children(value: Json, [step = '']: readonly string[]): unknown[] {
  return Object.hasOwn(value, step) ? [value[step]] : [];
}
