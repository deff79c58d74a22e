import { validationError } from '../errors';
import { evaluate, type Scope } from './evaluate';
import { asFunction, type Template, type Value } from './model';

type Truth = (value: Value) => boolean;

function operands(name: string, argument: Value): Value[] {
  const many = Array.isArray(argument) && argument.length >= 2 && argument.length <= 10;
  if (!many) {
    throw validationError(
      `Template error: every ${name} object requires a list of at least 2 and at most 10 boolean parameters.`,
    );
  }
  return argument;
}

function equals(argument: Value, scope: Scope): boolean {
  if (!Array.isArray(argument) || argument.length !== 2) {
    throw validationError('Template error: every Fn::Equals object requires a list of 2 string parameters.');
  }
  const [left, right] = argument.map((each) => evaluate(each, scope));
  return comparable(left ?? null) === comparable(right ?? null);
}

function comparable(value: Value): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function not(argument: Value, truth: Truth): boolean {
  if (!Array.isArray(argument) || argument.length !== 1) {
    throw validationError('Template error: every Fn::Not object requires one boolean parameter.');
  }
  return !truth(argument[0] as Value);
}

/** One condition function. `named` looks up `{ Condition: name }`. @throws ServiceError `ValidationError` */
export function evaluateCondition(value: Value, scope: Scope, named: (name: string) => boolean): boolean {
  const truth: Truth = (each) => evaluateCondition(each, scope, named);
  const call = asFunction(value);
  switch (call?.name) {
    case 'Condition':
      return named(String(call.argument));
    case 'Fn::Equals':
      return equals(call.argument, scope);
    case 'Fn::Not':
      return not(call.argument, truth);
    case 'Fn::And':
      return operands('Fn::And', call.argument).every(truth);
    case 'Fn::Or':
      return operands('Fn::Or', call.argument).some(truth);
    case 'Fn::If': {
      const [name, then, otherwise] = call.argument as Value[];
      return truth((named(String(name)) ? then : otherwise) as Value);
    }
    default:
      if (typeof value === 'boolean') {
        return value;
      }
      throw validationError('Template format error: Every Condition member must be a condition function.');
  }
}

/** All conditions of a template by name. @throws ServiceError `ValidationError` */
export function evaluateConditions(template: Template, scope: Omit<Scope, 'conditions'>): Map<string, boolean> {
  const known = new Map<string, boolean>();
  const whole: Scope = { ...scope, conditions: known };
  const named = (name: string): boolean => {
    const found = known.get(name);
    if (found !== undefined) {
      return found;
    }
    const result = evaluateCondition(template.conditions[name] ?? false, whole, named);
    known.set(name, result);
    return result;
  };
  for (const name of Object.keys(template.conditions)) {
    named(name);
  }
  return known;
}
