import { validationError } from '../errors';
import { isMap, type Value, type ValueMap } from '../template/model';

/** A transform as a template calls it. */
export interface Invocation {
  readonly name: string;
  readonly parameters: ValueMap;
}

function invocationOf(value: Value): Invocation {
  if (typeof value === 'string') {
    return { name: value, parameters: {} };
  }
  if (!isMap(value) || typeof value.Name !== 'string') {
    throw validationError('Key Name of transform definition must be a string.');
  }
  return { name: value.Name, parameters: isMap(value.Parameters) ? value.Parameters : {} };
}

/** The transforms of a `Transform` section or an `Fn::Transform`, in their order. @throws ServiceError `ValidationError` */
export function invocationsOf(value: Value | undefined): Invocation[] {
  const list = value === undefined ? [] : Array.isArray(value) ? value : [value];
  return list.map(invocationOf);
}

/** Every transform inside a value. @throws ServiceError `ValidationError` */
export function embeddedIn(value: Value): Invocation[] {
  if (Array.isArray(value)) {
    return value.flatMap(embeddedIn);
  }
  if (!isMap(value)) {
    return [];
  }
  return Object.entries(value).flatMap(([key, each]) =>
    key === 'Fn::Transform' ? invocationsOf(each) : embeddedIn(each),
  );
}
