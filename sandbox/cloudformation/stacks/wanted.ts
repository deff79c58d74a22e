import { validationError } from '../errors';
import type { Scope } from '../template/evaluate';
import { asFunction, isMap, type Template, type Value } from '../template/model';
import { referencesOf } from '../template/references';
import { isWanted } from '../template/scope';

/** A value without the branches of `Fn::If` that its conditions do not take. */
function taken(value: Value, scope: Scope): Value {
  if (Array.isArray(value)) {
    return value.map((each) => taken(each, scope));
  }
  if (!isMap(value)) {
    return value;
  }
  const call = asFunction(value);
  if (call?.name === 'Fn::If' && Array.isArray(call.argument)) {
    const [name, then = null, otherwise = null] = call.argument;
    return taken(scope.conditions.get(String(name)) ? then : otherwise, scope);
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, taken(each, scope)]));
}

function missing(template: Template, scope: Scope, value: Value): string[] {
  const references = referencesOf(taken(value, scope));
  return [...references.refs, ...references.attributes.keys()].filter((name) => {
    const resource = template.resources.get(name);
    return resource !== undefined && !isWanted(resource, scope);
  });
}

/**
 * What is wanted may not refer to a resource that a condition leaves out.
 *
 * @throws ServiceError `ValidationError`
 */
export function checkWanted(template: Template, scope: Scope): void {
  const conditional = [...template.resources.values()].some((resource) => resource.condition !== undefined);
  if (!conditional) {
    return;
  }
  const wanted = [...template.resources.values()].filter((resource) => isWanted(resource, scope));
  const lacking = new Set(wanted.flatMap((resource) => missing(template, scope, resource.properties)));
  if (lacking.size > 0) {
    throw validationError(
      `Template format error: Unresolved resource dependencies [${[...lacking].join(', ')}] in the Resources block of the template`,
    );
  }
  const outputs = [...template.outputs.values()].filter((output) => isWanted(output, scope));
  const unknown = new Set(
    outputs.flatMap((output) => missing(template, scope, [output.value, output.exportName ?? null])),
  );
  if (unknown.size > 0) {
    throw validationError(
      `Unresolved resource dependencies [${[...unknown].join(', ')}] in the Outputs block of the template`,
    );
  }
}
