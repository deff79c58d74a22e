import type { Filter } from '@aws-sdk/client-ec2';
import type { Tags } from '../common/tags';
import { paginate } from '../core/paginate';
import { ec2Error } from './errors';

export type FilterValue = string | number | boolean | undefined | readonly (string | number | boolean | undefined)[];

/** What each filter of an operation looks at. */
export type FilterFields<T> = Readonly<Record<string, (item: T) => FilterValue>>;

const patterns = new Map<string, RegExp>();

/** `*` stands for any characters, `?` for one; a backslash takes that away. Case counts. */
function patternOf(text: string): RegExp {
  let pattern = patterns.get(text);
  if (!pattern) {
    const source = text.replace(/\\[*?\\]|[.+^${}()|[\]\\*?]/g, (found) =>
      found.length === 2 ? `\\${found[1]}` : found === '*' ? '.*' : found === '?' ? '.' : `\\${found}`,
    );
    pattern = new RegExp(`^${source}$`, 's');
    if (patterns.size > 1000) {
      patterns.clear();
    }
    patterns.set(text, pattern);
  }
  return pattern;
}

function matches(value: FilterValue, wanted: readonly string[]): boolean {
  const values = Array.isArray(value) ? value : [value];
  return values.some((each) => each !== undefined && wanted.some((text) => patternOf(text).test(String(each))));
}

function reader<T>(name: string, fields: FilterFields<T>, tagsOf: ((item: T) => Tags) | undefined) {
  const field = fields[name];
  if (field) {
    return field;
  }
  if (tagsOf && name.startsWith('tag:')) {
    return (item: T) => tagsOf(item).get(name.slice(4));
  }
  if (tagsOf && name === 'tag-key') {
    return (item: T) => [...tagsOf(item).keys()];
  }
  if (tagsOf && name === 'tag-value') {
    return (item: T) => [...tagsOf(item).values()];
  }
  throw ec2Error('InvalidParameterValue', `The filter '${name}' is invalid`);
}

/**
 * The items that pass all filters; of a filter's values one is enough.
 *
 * @throws ServiceError `InvalidParameterValue` for a filter that the operation does not have
 */
export function filtered<T>(
  items: Iterable<T>,
  filters: readonly Filter[] | undefined,
  fields: FilterFields<T>,
  tagsOf?: (item: T) => Tags,
): T[] {
  const tests = (filters ?? []).map(({ Name = '', Values = [] }) => ({
    read: reader(Name, fields, tagsOf),
    wanted: Values,
  }));
  if ((filters ?? []).some(({ Values = [] }) => Values.length > 200)) {
    throw ec2Error('FilterLimitExceeded', 'The maximum number of filter values specified on a single call is 200.');
  }
  return [...items].filter((item) => tests.every(({ read, wanted }) => matches(read(item), wanted)));
}

interface PageInput {
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

/**
 * One page in EC2's way: everything unless the caller names a size.
 *
 * @throws ServiceError `InvalidParameterValue` for a size below the least, `InvalidNextToken`
 */
export function pageOf<T>(items: readonly T[], input: PageInput, least = 5): { items: T[]; NextToken?: string } {
  const { MaxResults, NextToken } = input;
  if (MaxResults !== undefined && (MaxResults < least || MaxResults > 1000)) {
    const edge = MaxResults < least ? `greater than ${least}` : 'less than 1000';
    const message = `Value ( ${MaxResults} ) for parameter maxResults is invalid. Expecting a value ${edge}.`;
    throw ec2Error('InvalidParameterValue', message);
  }
  const maximum = Math.max(items.length, 1);
  const page = paginate(items, { token: NextToken, size: MaxResults, maximum, invalidCode: 'InvalidNextToken' });
  return { items: page.items, NextToken: page.nextToken };
}
