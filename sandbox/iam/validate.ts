import { ServiceError } from '../core/errors';

function validation(message: string): ServiceError {
  return new ServiceError('ValidationError', message, 400);
}

/** What a request breaks at once, each as `Value … at … failed to satisfy constraint: …`. */
export function violation(...problems: readonly string[]): ServiceError {
  const count = `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected`;
  return validation(`${count}: ${problems.join('; ')}`);
}

function constraint(value: unknown, member: string, rule: string): ServiceError {
  return violation(`Value '${value}' at '${member}' failed to satisfy constraint: Member must ${rule}`);
}

/** Names of IAM things. @throws ServiceError `ValidationError` */
export function checkName(name: string | undefined, member: string, longest: number): string {
  if (name === undefined || name === '') {
    throw constraint(name ?? '', member, 'have length greater than or equal to 1');
  }
  if (name.length > longest) {
    throw constraint(name, member, `have length less than or equal to ${longest}`);
  }
  if (!/^[\w+=,.@-]+$/.test(name)) {
    throw validation(
      `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    );
  }
  return name;
}

/** Paths begin and end with a slash. @throws ServiceError `ValidationError` */
export function checkPath(path: string | undefined): string {
  const given = path ?? '/';
  if (given.length > 512) {
    throw constraint(given, 'path', 'have length less than or equal to 512');
  }
  if (!/^(\/|\/[\u0021-\u007e]+\/)$/.test(given)) {
    throw validation(
      'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
    );
  }
  return given;
}

type Range = readonly [value: number | undefined, member: string, least: number, most: number];

function outside([value, member, least, most]: Range): string[] {
  const wrong = (bound: string) => [
    `Value '${value}' at '${member}' failed to satisfy constraint: Member must have value ${bound}`,
  ];
  if (value !== undefined && value < least) {
    return wrong(`greater than or equal to ${least}`);
  }
  return value !== undefined && value > most ? wrong(`less than or equal to ${most}`) : [];
}

/** All numbers that are out of their bounds, at once. @throws ServiceError `ValidationError` */
export function checkRanges(...ranges: readonly Range[]): void {
  const problems = ranges.flatMap(outside);
  if (problems.length > 0) {
    throw violation(...problems);
  }
}

/** @throws ServiceError `ValidationError` */
export function checkRange(...range: Range): void {
  checkRanges(range);
}

/** @throws ServiceError `ValidationError` */
export function checkLength(value: string | undefined, member: string, longest: number): void {
  if (value !== undefined && value.length > longest) {
    throw constraint(value, member, `have length less than or equal to ${longest}`);
  }
}

interface Tag {
  Key?: string;
  Value?: string;
}

/** At most 50 tags, no key twice. @throws ServiceError */
export function checkTags(tags: readonly Tag[] | undefined, existing = 0): void {
  checkCount(tags, 'tags');
  const keys = new Set<string>();
  for (const [index, { Key = '', Value = '' }] of (tags ?? []).entries()) {
    const at = `tags.${index + 1}.member`;
    if (keys.has(Key.toLowerCase())) {
      throw new ServiceError(
        'InvalidInput',
        'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
        400,
      );
    }
    keys.add(Key.toLowerCase());
    checkTagText(Key, `${at}.key`, 128);
    checkTagText(Value, `${at}.value`, 256);
    if (Key.toLowerCase().startsWith('aws:')) {
      throw new ServiceError('InvalidInput', 'Tag keys starting with "aws:" are reserved for system use.', 400);
    }
  }
  if (existing + keys.size > 50) {
    throw new ServiceError('LimitExceeded', 'The number of tags has reached the maximum limit.', 409);
  }
}

/** Keys that are to go. @throws ServiceError `ValidationError` */
export function checkTagKeys(keys: readonly string[] | undefined): void {
  checkCount(keys, 'tagKeys');
  for (const key of keys ?? []) {
    checkTagText(key, 'tagKeys', 128);
  }
}

function checkCount(items: readonly unknown[] | undefined, member: string): void {
  if (items && items.length > 50) {
    throw constraint(JSON.stringify(items), member, 'have length less than or equal to 50');
  }
}

const tagPattern = '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+';

function checkTagText(text: string, member: string, longest: number): void {
  checkLength(text, member, longest);
  if (text !== '' && !new RegExp(`^${tagPattern}$`, 'u').test(text)) {
    throw constraint(text, member, `satisfy regular expression pattern: ${tagPattern}`);
  }
}

export function alreadyExists(message: string): ServiceError {
  return new ServiceError('EntityAlreadyExists', message, 409);
}

export function deleteConflict(what: string): ServiceError {
  return new ServiceError('DeleteConflict', `Cannot delete entity, must ${what} first.`, 409);
}

export function limitExceeded(quota: string, limit: number): ServiceError {
  return new ServiceError('LimitExceeded', `Cannot exceed quota for ${quota}: ${limit}`, 409);
}
