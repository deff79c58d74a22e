import type { Condition, LeafCondition, Scalar } from '../condition';
import { CompileError } from '../errors';
import { complement, networkText, parseNetwork } from '../networks';
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

/**
 * EventBridge has no "outside of": the blocks that remain are listed instead. It also compares addresses digit by
 * digit without regard to their family, so blocks of IPv6 would take in IPv4 addresses: IPv6 is told by its colon.
 */
function outsideList(networks: readonly string[]): PatternList {
  const parsed = networks.map(parseNetwork);
  if (parsed.some(({ family }) => family === 6)) {
    throw new CompileError(
      'eventbridge',
      'an IPv6 network cannot be left out: EventBridge has no "outside of", its cidr does not keep IPv4 and IPv6 addresses apart, and the blocks that remain of IPv6 pass the quota',
      'The nearest form leaves out the IPv4 networks alone, so that every IPv6 address counts as outside: `--nearest <id>`, or `nearest: [<id>]` in garrison.yaml. Elasticsearch, `hunt` and the log-file route take any network.',
    );
  }
  const blocks = complement(parsed).map(networkText);
  return [...blocks.map((block) => (block.includes('/') ? { cidr: block } : block)), { wildcard: '*:*' }];
}
