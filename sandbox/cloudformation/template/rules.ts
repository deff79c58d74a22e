import { validationError } from '../errors';
import { evaluateCondition } from './conditions';
import { evaluate, type Scope } from './evaluate';
import { asFunction, isMap, type Template, type Value } from './model';

function isSubset(items: Value, allowed: Value): boolean {
  const known = new Set((Array.isArray(allowed) ? allowed : [allowed]).map(String));
  return (Array.isArray(items) ? items : [items]).every((each) => known.has(String(each)));
}

/** The functions that only rules know, on top of those of conditions. */
function holds(value: Value, scope: Scope): boolean {
  const call = asFunction(value);
  const pair = call && Array.isArray(call.argument) ? call.argument : [];
  const [left = null, right = null] = pair;
  switch (call?.name) {
    case 'Fn::Contains':
      return isSubset(evaluate(right, scope), evaluate(left, scope));
    case 'Fn::EachMemberIn':
      return isSubset(evaluate(left, scope), evaluate(right, scope));
    case 'Fn::EachMemberEquals': {
      const items = evaluate(left, scope);
      const expected = String(evaluate(right, scope));
      return (Array.isArray(items) ? items : [items]).every((each) => String(each) === expected);
    }
    case 'Fn::And':
      return pair.every((each) => holds(each, scope));
    case 'Fn::Or':
      return pair.some((each) => holds(each, scope));
    case 'Fn::Not':
      return !holds(left, scope);
    default:
      return evaluateCondition(value, scope, (name) => scope.conditions.get(name) ?? false);
  }
}

/** Checks parameters against the template's Rules. @throws ServiceError `ValidationError` naming the assertion */
export function checkRules(template: Template, scope: Scope): void {
  for (const [name, rule] of Object.entries(template.rules)) {
    if (!isMap(rule) || !Array.isArray(rule.Assertions)) {
      throw validationError(`Template format error: Rule ${name} must contain a list of Assertions.`);
    }
    if (rule.RuleCondition !== undefined && !holds(rule.RuleCondition, scope)) {
      continue;
    }
    for (const assertion of rule.Assertions) {
      if (isMap(assertion) && !holds(assertion.Assert ?? true, scope)) {
        const description = String(assertion.AssertDescription ?? 'Assertion failed');
        throw validationError(`Rule ${name} failed: ${description}`);
      }
    }
  }
}
