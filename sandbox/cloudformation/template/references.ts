import { validationError } from '../errors';
import { extensionFunctions, pseudoParameters, supportedFunctions, unsupportedFunction } from './functions';
import { asFunction, isMap, type Template, type Value } from './model';
import { subVariables } from './substitution';

/** What a value refers to. */
export interface References {
  readonly refs: Set<string>;
  /** Resources named in `Fn::GetAtt`, with the attributes asked for. */
  readonly attributes: Map<string, Set<string>>;
  /** Names of conditions in `Fn::If` and, in the Conditions section, `Condition`. */
  readonly conditions: Set<string>;
}

function empty(): References {
  return { refs: new Set(), attributes: new Map(), conditions: new Set() };
}

function addAttribute(into: References, resource: string, attribute: string): void {
  const known = into.attributes.get(resource) ?? new Set();
  known.add(attribute);
  into.attributes.set(resource, known);
}

const badGetAtt =
  'Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute';

function collectGetAtt(argument: Value, into: References): void {
  const [resource, ...rest] =
    typeof argument === 'string' ? argument.split('.') : Array.isArray(argument) ? argument : [];
  if (typeof resource !== 'string' || resource === '' || rest.length === 0 || rest[0] === '') {
    throw validationError(badGetAtt);
  }
  const attribute = rest.every((part) => typeof part === 'string') ? rest.join('.') : '';
  addAttribute(into, resource, attribute);
  collect(rest as Value, into);
}

function collectSub(argument: Value, into: References): void {
  const [text, own] = Array.isArray(argument) ? argument : [argument, undefined];
  const known = isMap(own) ? own : {};
  for (const name of subVariables(typeof text === 'string' ? text : '')) {
    if (name in known) {
      continue;
    }
    const dot = name.indexOf('.');
    if (dot < 0) {
      into.refs.add(name);
    } else {
      addAttribute(into, name.slice(0, dot), name.slice(dot + 1));
    }
  }
  collect(known, into);
}

function collectFunction(name: string, argument: Value, into: References, inConditions: boolean): void {
  if (!supportedFunctions.includes(name) && !extensionFunctions.includes(name)) {
    throw validationError(unsupportedFunction(name));
  }
  if (name === 'Ref') {
    if (typeof argument !== 'string') {
      throw validationError('Template error: every Ref object must have a single String value.');
    }
    into.refs.add(argument);
    return;
  }
  if (name === 'Fn::GetAtt') {
    collectGetAtt(argument, into);
    return;
  }
  if (name === 'Fn::Sub') {
    collectSub(argument, into);
    return;
  }
  if (name === 'Fn::If' && Array.isArray(argument) && typeof argument[0] === 'string') {
    into.conditions.add(argument[0]);
    collect(argument.slice(1), into, inConditions);
    return;
  }
  collect(argument, into, inConditions);
}

function collect(value: Value, into: References, inConditions = false): void {
  if (Array.isArray(value)) {
    for (const each of value) {
      collect(each, into, inConditions);
    }
    return;
  }
  if (!isMap(value)) {
    return;
  }
  const call = asFunction(value);
  if (call?.name === 'Condition') {
    if (inConditions && typeof call.argument === 'string') {
      into.conditions.add(call.argument);
    } else {
      collect(call.argument, into, inConditions);
    }
    return;
  }
  if (call) {
    collectFunction(call.name, call.argument, into, inConditions);
    return;
  }
  for (const each of Object.values(value)) {
    collect(each, into, inConditions);
  }
}

/** Everything that a value refers to. @throws ServiceError `ValidationError` for functions that are not well formed */
export function referencesOf(value: Value, inConditions = false): References {
  const into = empty();
  collect(value, into, inConditions);
  return into;
}

function checkBlock(template: Template, references: References, unresolved: Set<string>): void {
  for (const name of references.refs) {
    if (!template.parameters.has(name) && !template.resources.has(name) && !pseudoParameters.has(name)) {
      unresolved.add(name);
    }
  }
  for (const name of references.attributes.keys()) {
    if (!template.resources.has(name)) {
      throw validationError(`Template error: instance of Fn::GetAtt references undefined resource ${name}`);
    }
  }
  for (const name of references.conditions) {
    if (!(name in template.conditions)) {
      throw validationError(`Template error: unresolved condition dependency ${name} in Fn::If`);
    }
  }
}

function checkCondition(template: Template, name: string | undefined, block: string): void {
  if (name !== undefined && !(name in template.conditions)) {
    throw validationError(
      `Template format error: Unresolved condition dependency ${name} in the ${block} block of the template`,
    );
  }
}

function checkConditions(template: Template): void {
  for (const value of Object.values(template.conditions)) {
    const references = referencesOf(value, true);
    const names = [...references.refs, ...references.attributes.keys()];
    const wrong = names.filter((name) => !template.parameters.has(name) && !pseudoParameters.has(name));
    if (wrong.length > 0) {
      throw validationError(
        `Template format error: Unresolved dependencies [${wrong.join(', ')}]. ` +
          'Cannot reference resources in the Conditions block of the template',
      );
    }
    for (const name of references.conditions) {
      checkCondition(template, name, 'Conditions');
    }
  }
  const edges = new Map(
    Object.entries(template.conditions).map(([name, value]) => [name, referencesOf(value, true).conditions]),
  );
  const cycle = findCycle(edges);
  if (cycle) {
    throw validationError(`Template format error: Circular dependency between conditions: [${cycle.join(', ')}]`);
  }
}

function throwUnresolved(names: ReadonlySet<string>, block: string): void {
  if (names.size > 0) {
    throw validationError(
      `Template format error: Unresolved resource dependencies [${[...names].join(', ')}] in the ${block} block of the template`,
    );
  }
}

/** Nodes that lie on or between cycles; `undefined` when the graph has none. */
export function findCycle(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const waits = new Map([...edges].map(([node, targets]) => [node, targets.size]));
  const dependents = new Map<string, string[]>();
  for (const [node, targets] of edges) {
    for (const target of targets) {
      dependents.set(target, [...(dependents.get(target) ?? []), node]);
    }
  }
  const ready = [...waits].filter(([, count]) => count === 0).map(([node]) => node);
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    waits.delete(node);
    for (const dependent of dependents.get(node) ?? []) {
      const left = (waits.get(dependent) ?? 0) - 1;
      waits.set(dependent, left);
      if (left === 0) {
        ready.push(dependent);
      }
    }
  }
  return waits.size > 0 ? onCycles([...waits.keys()], edges) : undefined;
}

/** Leaves out what only depends on a cycle. */
function onCycles(nodes: readonly string[], edges: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const left = new Set(nodes);
  for (let changed = true; changed; ) {
    changed = false;
    for (const node of left) {
      const needed =
        [...left].some((other) => other !== node && edges.get(other)?.has(node)) || edges.get(node)?.has(node);
      if (!needed) {
        left.delete(node);
        changed = true;
      }
    }
  }
  return [...left].sort();
}

/** Which resources must stand before another. */
export type DependencyGraph = ReadonlyMap<string, ReadonlySet<string>>;

const graphs = new WeakMap<Template, DependencyGraph>();

/** Explicit (`DependsOn`) and implicit dependencies between the template's resources. */
export function dependencyGraph(template: Template): DependencyGraph {
  let graph = graphs.get(template);
  if (!graph) {
    graph = new Map(
      [...template.resources.values()].map((resource) => {
        const found = referencesOf(resource.properties);
        const names = [...resource.dependsOn, ...found.refs, ...found.attributes.keys()];
        return [resource.logicalId, new Set(names.filter((name) => template.resources.has(name)))];
      }),
    );
    graphs.set(template, graph);
  }
  return graph;
}

/**
 * Everything that a template names must exist in it, and nothing may depend on itself.
 *
 * @throws ServiceError `ValidationError`
 */
export function checkReferences(template: Template): void {
  checkConditions(template);
  const unresolved = new Set<string>();
  for (const resource of template.resources.values()) {
    checkCondition(template, resource.condition, 'Resources');
    checkBlock(template, referencesOf(resource.properties), unresolved);
    for (const name of resource.dependsOn) {
      if (!template.resources.has(name)) {
        unresolved.add(name);
      }
    }
  }
  throwUnresolved(unresolved, 'Resources');
  for (const output of template.outputs.values()) {
    checkCondition(template, output.condition, 'Outputs');
    checkBlock(template, referencesOf([output.value, output.exportName ?? null]), unresolved);
  }
  throwUnresolved(unresolved, 'Outputs');
  const cycle = findCycle(dependencyGraph(template));
  if (cycle) {
    throw validationError(`Circular dependency between resources: [${cycle.join(', ')}]`);
  }
}
