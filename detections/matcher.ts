import type { Condition, LeafCondition, Scalar } from './condition';
import { outsideTest } from './networks';
import { lookUp, valuesAt } from './record';
import { wildcardTest } from './wildcard';

/** Whether a record satisfies a condition. */
export type Matcher = (record: unknown) => boolean;

/** Compiles a condition into a function: the engine that runs here. */
export function compileMatcher(condition: Condition): Matcher {
  switch (condition.kind) {
    case 'all': {
      const members = condition.of.map(compileMatcher);
      return (record) => {
        for (const member of members) {
          if (!member(record)) {
            return false;
          }
        }
        return true;
      };
    }
    case 'any': {
      const members = condition.of.map(compileMatcher);
      return (record) => members.some((member) => member(record));
    }
    case 'element': {
      const steps = condition.field.split('.');
      const inner = compileMatcher(condition.condition);
      return (record) => valuesAt(record, steps).some(inner);
    }
    default:
      return leafMatcher(condition);
  }
}

function leafMatcher(condition: LeafCondition): Matcher {
  const steps = condition.field.split('.');
  const test = valueTest(condition);
  const missing = condition.kind === 'differs' || condition.kind === 'absent';
  return (record) => {
    const found = lookUp(record, steps);
    if (!Array.isArray(found)) {
      return found === undefined || found === null ? missing : test(found);
    }
    const values = found.filter((value) => value !== null);
    return values.length === 0 ? missing : values.some(test);
  };
}

/** The test of a single value that is there. */
function valueTest(condition: LeafCondition): (value: unknown) => boolean {
  switch (condition.kind) {
    case 'is': {
      const values = new Set<unknown>(condition.values);
      const [only] = condition.values;
      return condition.values.length === 1 ? (value) => value === only : (value) => values.has(value);
    }
    case 'isNot':
    case 'differs': {
      const values = new Set<unknown>(condition.values satisfies readonly Scalar[]);
      return (value) => !values.has(value);
    }
    case 'like': {
      const tests = condition.patterns.map(wildcardTest);
      return (value) => typeof value === 'string' && tests.some((test) => test(value));
    }
    case 'absent':
      return (value) => value === '';
    case 'outside': {
      const test = outsideTest(condition.networks);
      return (value) => typeof value === 'string' && test(value);
    }
  }
}
