import type { Condition, LeafCondition, Scalar } from '../condition';
import { CompileError } from '../errors';
import { parseNetwork } from '../networks';

/** The condition as the inside of a CloudWatch Logs JSON filter pattern. Throws `CompileError`. */
export function toFilterExpression(condition: Condition): string {
  switch (condition.kind) {
    case 'all':
      return joined('&&', condition.of.map(toFilterExpression));
    case 'any':
      if (condition.of.length === 0) {
        throw new CompileError('cloudwatch', 'there is nothing that the filter could match');
      }
      return joined('||', condition.of.map(toFilterExpression));
    case 'element':
      throw new CompileError(
        'cloudwatch',
        `a metric filter cannot look for one element of the list ${condition.field} that satisfies several conditions`,
      );
    default:
      return leaf(condition);
  }
}

function joined(operator: '&&' | '||', members: readonly string[]): string {
  return members.length === 1 ? (members[0] as string) : `(${members.join(operator)})`;
}

function leaf(condition: LeafCondition): string {
  const field = `$.${condition.field}`;
  switch (condition.kind) {
    case 'is':
      return joined(
        '||',
        condition.values.map((value) => equal(field, value)),
      );
    case 'isNot':
      return otherThan(field, condition.values);
    case 'differs':
      return joined('||', [
        `(${field} NOT EXISTS)`,
        joined(
          '&&',
          condition.values.map((value) => unequal(field, value)),
        ),
      ]);
    case 'like':
      return joined(
        '||',
        condition.patterns.map((pattern) => `(${field}="${quotable(pattern)}")`),
      );
    case 'absent':
      return joined('||', [`(${field} NOT EXISTS)`, `(${field} IS NULL)`, `(${field}="")`]);
    case 'outside':
      return outsideExpression(field, condition.networks);
  }
}

function equal(field: string, value: Scalar): string {
  return typeof value === 'boolean' ? `(${field} IS ${value ? 'TRUE' : 'FALSE'})` : `(${field}=${written(value)})`;
}

function unequal(field: string, value: Scalar): string {
  if (typeof value === 'boolean') {
    throw new CompileError('cloudwatch', `${field} IS NOT ${value} cannot be said`);
  }
  return `(${field}!=${written(value)})`;
}

function written(value: string | number): string {
  if (typeof value === 'string' && value.includes('*')) {
    throw new CompileError('cloudwatch', `${value} would be read as a wildcard`);
  }
  return typeof value === 'number' || /^[A-Za-z_][A-Za-z0-9_]*$/.test(value) ? String(value) : `"${quotable(value)}"`;
}

function quotable(text: string): string {
  return text.replace(/["\\]/g, '\\$&');
}

/** There, and none of the values: of numbers, what lies between them. */
function otherThan(field: string, values: readonly Scalar[]): string {
  if (values.every((value) => typeof value === 'string')) {
    return joined('&&', [`(${field}="*")`, ...values.map((value) => unequal(field, value))]);
  }
  if (!values.every((value) => typeof value === 'number')) {
    throw new CompileError('cloudwatch', `${field} is compared with values of several types`);
  }
  const sorted = [...values].sort((left, right) => left - right);
  const gaps = sorted.map((value, index) => {
    const above = `(${field}>${value})`;
    const next = sorted[index + 1];
    return next === undefined ? above : joined('&&', [above, `(${field}<${next})`]);
  });
  return joined('||', [`(${field}<${sorted[0]})`, ...gaps]);
}

/** No CIDR here: octets can be left open, nothing finer. */
function outsideExpression(field: string, networks: readonly string[]): string {
  const refused = networks.map((network) => {
    const { family, bits } = parseNetwork(network);
    if (family === 6 || bits % 8 !== 0 || bits === 0) {
      throw new CompileError(
        'cloudwatch',
        `${network} ends within a part of the address: a metric filter has wildcards only, no CIDR`,
      );
    }
    const octets =
      network
        .split('/')[0]
        ?.split('.')
        .slice(0, bits / 8) ?? [];
    return `(${field}!="${octets.join('.')}${bits === 32 ? '' : '.*'}")`;
  });
  const address4 = joined('&&', [`(${field}=%^[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+$%)`, ...refused]);
  return joined('||', [`(${field}="*:*")`, address4]);
}
