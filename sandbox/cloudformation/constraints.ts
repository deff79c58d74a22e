import { validationError } from './errors';

/** A member's limits as CloudFormation's model states them. */
export interface Constraint {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: RegExp;
  /** The pattern in CloudFormation's own notation. */
  readonly shown?: string;
  readonly values?: readonly string[];
  readonly required?: boolean;
}

/** One value to be checked and the name it has in messages (`stackName`). */
export type Check = readonly [name: string, value: string | number | undefined, constraint: Constraint];

function quoted(name: string, value: string | number | undefined, rule: string): string {
  const shown = value === undefined ? 'null' : `'${value}'`;
  return `Value ${shown} at '${name}' failed to satisfy constraint: ${rule}`;
}

function textProblems(name: string, value: string, constraint: Constraint): string[] {
  const { minimum, maximum, pattern, shown, values } = constraint;
  const problems: string[] = [];
  if (values && !values.includes(value)) {
    problems.push(quoted(name, value, `Member must satisfy enum value set: [${values.join(', ')}]`));
  }
  if (minimum !== undefined && value.length < minimum) {
    problems.push(quoted(name, value, `Member must have length greater than or equal to ${minimum}`));
  }
  if (maximum !== undefined && value.length > maximum) {
    problems.push(quoted(name, value, `Member must have length less than or equal to ${maximum}`));
  }
  if (pattern && !pattern.test(value)) {
    problems.push(quoted(name, value, `Member must satisfy regular expression pattern: ${shown ?? pattern.source}`));
  }
  return problems;
}

function numberProblems(name: string, value: number, { minimum, maximum }: Constraint): string[] {
  const problems: string[] = [];
  if (minimum !== undefined && value < minimum) {
    problems.push(quoted(name, value, `Member must have value greater than or equal to ${minimum}`));
  }
  if (maximum !== undefined && value > maximum) {
    problems.push(quoted(name, value, `Member must have value less than or equal to ${maximum}`));
  }
  return problems;
}

/** Checks members as CloudFormation's front door does. @throws ServiceError `ValidationError` with every problem in it */
export function checkConstraints(checks: readonly Check[]): void {
  const problems = checks.flatMap(([name, value, constraint]) => {
    if (value === undefined) {
      return constraint.required ? [quoted(name, undefined, 'Member must not be null')] : [];
    }
    return typeof value === 'number' ? numberProblems(name, value, constraint) : textProblems(name, value, constraint);
  });
  if (problems.length > 0) {
    const count = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`;
    throw validationError(`${count} detected: ${problems.join('; ')}`);
  }
}

export const stackNameConstraint: Constraint = {
  required: true,
  minimum: 1,
  maximum: 128,
  pattern: /^[a-zA-Z][-a-zA-Z0-9]*$/,
  shown: '[a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*',
};

/** For a stack that exists: a name or an ARN. */
export const stackNameOrIdConstraint: Constraint = {
  required: true,
  minimum: 1,
  pattern: /^([a-zA-Z][-a-zA-Z0-9]*)$|^(arn:\b(aws|aws-us-gov|aws-cn)\b:[-a-zA-Z0-9:/._+]*)$/,
  shown: '[a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*',
};

export const changeSetNameConstraint: Constraint = {
  required: true,
  minimum: 1,
  maximum: 128,
  pattern: /^[a-zA-Z][-a-zA-Z0-9]*$/,
  shown: '[a-zA-Z][-a-zA-Z0-9]*',
};

export const tokenConstraint: Constraint = {
  minimum: 1,
  maximum: 128,
  pattern: /^[a-zA-Z0-9][-a-zA-Z0-9]*$/,
  shown: '[a-zA-Z0-9][-a-zA-Z0-9]*',
};

export const roleArnConstraint: Constraint = { minimum: 20, maximum: 2048 };

/** Tags of stacks and stack sets: at most 50, none of AWS's own. @throws ServiceError `ValidationError` */
export function checkTags(tags: readonly { Key?: string; Value?: string }[] | undefined): void {
  if ((tags?.length ?? 0) > 50) {
    throw validationError(
      `1 validation error detected: Value '[...]' at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50`,
    );
  }
  const checks = (tags ?? []).flatMap(({ Key, Value }, index): Check[] => [
    [`tags.${index + 1}.member.key`, Key, { required: true, minimum: 1, maximum: 128 }],
    [`tags.${index + 1}.member.value`, Value, { required: true, maximum: 256 }],
  ]);
  checkConstraints(checks);
  const keys = (tags ?? []).map((tag) => tag.Key ?? '');
  const reserved = keys.find((key) => key.toLowerCase().startsWith('aws:'));
  if (reserved !== undefined) {
    throw validationError(`aws: prefixed tag key names are not allowed for external use.`);
  }
  if (new Set(keys).size < keys.length) {
    throw validationError('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
}
