import { ServiceError } from '../core/errors';

export function validation(message: string): ServiceError {
  return new ServiceError('ValidationError', message, 400);
}

/** @throws ServiceError `ValidationError` */
export function checkRoleArn(arn: string | undefined): string {
  const given = arn ?? '';
  if (!/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(given)) {
    throw validation(`${given} is invalid`);
  }
  return given;
}

interface Tag {
  Key?: string;
  Value?: string;
}

/** Session tags, no key twice. @throws ServiceError `InvalidParameterValue` */
export function checkSessionTags(tags: readonly Tag[]): Record<string, string> {
  const result: Record<string, string> = {};
  const seen = new Set<string>();
  for (const { Key = '', Value = '' } of tags) {
    if (seen.has(Key.toLowerCase())) {
      throw new ServiceError(
        'InvalidParameterValue',
        'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
        400,
      );
    }
    if (Key.toLowerCase().startsWith('aws:')) {
      throw new ServiceError(
        'InvalidParameterValue',
        'Tag keys starting with "aws:" are reserved for system use.',
        400,
      );
    }
    seen.add(Key.toLowerCase());
    result[Key] = Value;
  }
  return result;
}

/**
 * The keys of the request's tags that later sessions inherit, as the tags write them.
 * @throws ServiceError `InvalidParameterValue` for a key that is no tag of the request
 */
export function checkTransitiveKeys(keys: readonly string[], tags: Readonly<Record<string, string>>): string[] {
  return keys.map((wanted) => {
    const key = Object.keys(tags).find((each) => each.toLowerCase() === wanted.toLowerCase());
    if (key === undefined) {
      const message = 'The specified transitive tag key must be included in the requested tags.';
      throw new ServiceError('InvalidParameterValue', message, 400);
    }
    return key;
  });
}
