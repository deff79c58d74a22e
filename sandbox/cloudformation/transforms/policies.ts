import { evaluate, type Scope } from '../template/evaluate';
import { isMap, type Value, type ValueMap } from '../template/model';
import { scopeBefore } from './languageExtensions';

const policies = ['DeletionPolicy', 'UpdateReplacePolicy'];

function withPolicies(resource: Value, scope: Scope): Value {
  if (!isMap(resource)) {
    return resource;
  }
  const written = policies
    .filter((policy) => isMap(resource[policy]))
    .map((policy) => [policy, evaluate(resource[policy] as Value, scope)]);
  return { ...resource, ...Object.fromEntries(written) };
}

/** A template whose computed deletion and replacement policies are written out. @throws ServiceError `ValidationError` */
export function writePolicies(root: ValueMap, parameters: ReadonlyMap<string, Value>): ValueMap {
  if (!isMap(root.Resources)) {
    return root;
  }
  const scope = scopeBefore(root, parameters);
  const resources = Object.entries(root.Resources).map(([id, each]) => [id, withPolicies(each, scope)]);
  return { ...root, Resources: Object.fromEntries(resources) };
}
