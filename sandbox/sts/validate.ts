import { ServiceError } from '../core/errors';

export function validation(message: string): ServiceError {
  return new ServiceError('ValidationError', message, 400);
}

function constraint(value: unknown, member: string, rule: string): ServiceError {
  return validation(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must ${rule}`,
  );
}

/** @throws ServiceError `ValidationError` */
export function checkSessionName(name: string | undefined, member = 'roleSessionName', longest = 64): string {
  const given = name ?? '';
  if (!/^[\w+=,.@-]*$/.test(given)) {
    throw constraint(given, member, 'satisfy regular expression pattern: [\\w+=,.@-]*');
  }
  if (given.length < 2) {
    throw constraint(given, member, 'have length greater than or equal to 2');
  }
  if (given.length > longest) {
    throw constraint(given, member, `have length less than or equal to ${longest}`);
  }
  return given;
}

/** Characters that session policies may have, before they are packed. @throws ServiceError `ValidationError` */
export function checkPolicyLength(policy: string): void {
  if (policy.length > 2_048) {
    throw constraint(policy, 'policy', 'have length less than or equal to 2048');
  }
}

/** @throws ServiceError `ValidationError` */
export function checkRoleArn(arn: string | undefined): string {
  const given = arn ?? '';
  if (given.length < 20) {
    throw constraint(given, 'roleArn', 'have length greater than or equal to 20');
  }
  if (!/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(given)) {
    throw validation(`${given} is invalid`);
  }
  return given;
}

/** @throws ServiceError `ValidationError` */
export function checkDuration(seconds: number | undefined, least: number, most: number): void {
  if (seconds !== undefined && seconds < least) {
    throw constraint(seconds, 'durationSeconds', `have value greater than or equal to ${least}`);
  }
  if (seconds !== undefined && seconds > most) {
    throw constraint(seconds, 'durationSeconds', `have value less than or equal to ${most}`);
  }
}

interface Tag {
  Key?: string;
  Value?: string;
}

/** At most 50 session tags, no key twice. @throws ServiceError */
export function checkSessionTags(tags: readonly Tag[]): Record<string, string> {
  if (tags.length > 50) {
    throw constraint(`[${tags.length} tags]`, 'tags', 'have length less than or equal to 50');
  }
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
