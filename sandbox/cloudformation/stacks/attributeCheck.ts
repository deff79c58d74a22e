import { validationError } from '../errors';
import { hasAttribute } from '../resources/schema';
import { asFunction, isMap, type Template, type Value } from '../template/model';
import { subVariables } from '../template/substitution';

interface Asked {
  readonly path: string;
  readonly resource: string;
  readonly attribute: string;
}

function asked(argument: Value, path: string): Asked | undefined {
  const parts = typeof argument === 'string' ? argument.split('.') : Array.isArray(argument) ? argument : [];
  const [resource, ...rest] = parts;
  return typeof resource === 'string' && rest.every((part) => typeof part === 'string')
    ? { path, resource, attribute: rest.join('.') }
    : undefined;
}

function* inSub(argument: Value, path: string): Iterable<Asked> {
  const [text, own] = Array.isArray(argument) ? argument : [argument, undefined];
  for (const name of typeof text === 'string' ? subVariables(text) : []) {
    const dot = name.indexOf('.');
    if (dot > 0 && !(isMap(own) && name in own)) {
      yield { path, resource: name.slice(0, dot), attribute: name.slice(dot + 1) };
    }
  }
  yield* inside(own ?? null, path);
}

function* inside(value: Value, path: string): Iterable<Asked> {
  if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) {
      yield* inside(each, `${path}/${index}`);
    }
    return;
  }
  if (!isMap(value)) {
    return;
  }
  const call = asFunction(value);
  const found = call?.name === 'Fn::GetAtt' ? asked(call.argument, `${path}/Fn::GetAtt`) : undefined;
  if (found) {
    yield found;
    return;
  }
  if (call?.name === 'Fn::Sub') {
    yield* inSub(call.argument, `${path}/Fn::Sub`);
    return;
  }
  for (const [key, each] of Object.entries(value)) {
    yield* inside(each, `${path}/${key}`);
  }
}

const checked = new WeakSet<Template>();

/** Refuses attributes that a type does not have; a stack finds out when it begins. @throws ServiceError `ValidationError` */
export function checkAttributes(template: Template): void {
  if (checked.has(template)) {
    return;
  }
  const { Resources = {}, Outputs = {} } = template.root;
  for (const { path, resource, attribute } of [...inside(Resources, '/Resources'), ...inside(Outputs, '/Outputs')]) {
    const type = template.resources.get(resource)?.type;
    if (type !== undefined && attribute !== '' && !hasAttribute(type, attribute)) {
      throw validationError(`[Error] ${path}: Resource type ${type} does not support attribute {${attribute}}.`);
    }
  }
  checked.add(template);
}
