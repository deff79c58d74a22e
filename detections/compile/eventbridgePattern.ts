import type { Condition, LeafCondition, Scalar } from '../condition';
import { CompileError } from '../errors';
import { outsideList } from './outsideNetworks';
import { alternatives, type Draft, finished, merge, nest, type PatternList, type PatternObject } from './patternDraft';

/** The event pattern of a condition, its fields under `prefix` (`detail`). Throws `CompileError`. */
export function toPattern(condition: Condition, prefix: string): PatternObject {
  return finished(toDraft(condition, prefix));
}

function toDraft(condition: Condition, prefix: string): Draft {
  switch (condition.kind) {
    case 'all':
      return condition.of.map((member) => toDraft(member, prefix)).reduce(merge);
    case 'any':
      return alternatives(condition.of.map((member) => toDraft(member, prefix)));
    case 'element':
      // EventBridge holds the fields of one element together by itself.
      return toDraft(condition.condition, `${prefix}.${condition.field}`);
    default:
      return nest(`${prefix}.${condition.field}`.split('.'), leafList(condition));
  }
}

function leafList(condition: LeafCondition): PatternList {
  switch (condition.kind) {
    case 'is':
      return condition.values;
    case 'isNot':
      return [{ 'anything-but': oneType(condition.values) }];
    case 'differs':
      return [{ exists: false }, { 'anything-but': oneType(condition.values) }];
    case 'like':
      return condition.patterns.map(form);
    case 'absent':
      return [{ exists: false }, null, ''];
    case 'outside':
      return outsideList(condition.networks);
  }
}

function oneType(values: readonly Scalar[]): readonly Scalar[] {
  if (values.some((value) => typeof value === 'boolean') || new Set(values.map((value) => typeof value)).size > 1) {
    throw new CompileError('eventbridge', 'anything-but takes texts or numbers, not both, and no booleans');
  }
  return values;
}

function form(pattern: string): unknown {
  const inner = pattern.slice(1, -1);
  if (!pattern.includes('*')) {
    return pattern;
  }
  if (pattern.endsWith('*') && !pattern.slice(0, -1).includes('*')) {
    return { prefix: pattern.slice(0, -1) };
  }
  if (pattern.startsWith('*') && !`${inner}${pattern.at(-1)}`.includes('*')) {
    return { suffix: pattern.slice(1) };
  }
  return { wildcard: pattern.replaceAll('\\', '\\\\') };
}
