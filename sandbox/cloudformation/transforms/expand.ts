import type { CallContext } from '../../core/service';
import { reasonOf, validationError } from '../errors';
import { readingFor } from '../strangers';
import { evaluate, type Scope } from '../template/evaluate';
import { isMap, type Template, type Value, type ValueMap } from '../template/model';
import { parseTemplateText } from '../template/parse';
import { readExpanded } from '../template/read';
import { templateText } from '../templateSource';
import { embeddedIn, type Invocation, invocationsOf } from './invocation';
import { extendLanguage } from './languageExtensions';
import { runMacro } from './macro';
import { writePolicies } from './policies';

/** What an expansion sees. */
export interface Expansion {
  readonly context: CallContext;
  /** Parameters and pseudo parameters. */
  readonly parameters: ReadonlyMap<string, Value>;
  /** The function behind a macro of the account. */
  macro(name: string): string | undefined;
}

const hosted = /^AWS::/;
const known = new Set(['AWS::Include', 'AWS::LanguageExtensions']);

/** @throws ServiceError `ValidationError` for transforms of AWS that this CloudFormation does not run */
export function checkTransforms(template: Template): void {
  const all = [...invocationsOf(template.root.Transform), ...embeddedIn(withoutTransform(template.root))];
  const missing = all.map(({ name }) => name).filter((name) => hosted.test(name) && !known.has(name));
  if (missing.length > 0) {
    throw validationError(
      `The local organization does not run the transform ${missing.join(', ')}. Expand the template before deploying it.`,
    );
  }
}

function withoutTransform(root: ValueMap): ValueMap {
  const { Transform: _transform, ...rest } = root;
  return rest;
}

/** Parameters of a transform may refer to those of the template. */
function withValues(invocation: Invocation, expansion: Expansion): Invocation {
  const scope = { parameters: expansion.parameters, conditions: new Map() } as unknown as Scope;
  return { ...invocation, parameters: evaluate(invocation.parameters, scope) as ValueMap };
}

async function include(invocation: Invocation, fragment: Value, { context }: Expansion): Promise<Value> {
  const location = String(invocation.parameters.Location ?? '');
  const address = location.replace(/^s3:\/\/([^/]+)\//, 'https://$1.s3.amazonaws.com/');
  const text = await templateText({ TemplateURL: address }, context).catch((error: unknown) => {
    throw validationError(
      `Transform AWS::Include failed with: S3 bucket [${location.replace(/^s3:\/\//, '').split('/')[0]}]: ${reasonOf(error)}`,
    );
  });
  return { ...(isMap(fragment) ? fragment : {}), ...parseTemplateText(text ?? '') };
}

async function transform(given: Invocation, fragment: Value, expansion: Expansion): Promise<Value> {
  if (given.name === 'AWS::LanguageExtensions') {
    return extendLanguage(fragment as ValueMap, expansion.parameters);
  }
  const invocation = withValues(given, expansion);
  if (invocation.name === 'AWS::Include') {
    return include(invocation, fragment, expansion);
  }
  const functionName = expansion.macro(invocation.name);
  if (functionName === undefined) {
    throw validationError(`No transform named ${expansion.context.accountId}::${invocation.name} found.`);
  }
  const own = [...expansion.parameters].filter(([name]) => !name.startsWith('AWS::'));
  const call = { functionName, invocation, templateParameters: Object.fromEntries(own) };
  return runMacro(call, fragment, expansion.context);
}

async function inTurn(list: readonly Invocation[], fragment: Value, expansion: Expansion): Promise<Value> {
  let result = fragment;
  for (const each of list) {
    result = await transform(each, result, expansion);
  }
  return result;
}

/** Embedded transforms, innermost first; each rewrites what stands beside it. */
async function snippets(value: Value, expansion: Expansion): Promise<Value> {
  if (Array.isArray(value)) {
    return Promise.all(value.map((each) => snippets(each, expansion)));
  }
  if (!isMap(value)) {
    return value;
  }
  const { 'Fn::Transform': calls, ...rest } = value;
  const entries: [string, Value][] = [];
  for (const [key, each] of Object.entries(rest)) {
    entries.push([key, await snippets(each, expansion)]);
  }
  return inTurn(invocationsOf(calls), Object.fromEntries(entries), expansion);
}

/** AWS's own transforms run after the account's, whatever their order. */
function ordered(list: readonly Invocation[]): Invocation[] {
  return [...list.filter(({ name }) => !hosted.test(name)), ...list.filter(({ name }) => hosted.test(name))];
}

/**
 * The template that a written one stands for, its transforms run.
 *
 * @throws ServiceError `ValidationError` when a transform fails or makes no template
 */
export async function expandTemplate(written: Template, expansion: Expansion): Promise<Template> {
  const inner = await snippets(withoutTransform(written.root), expansion);
  const result = await inTurn(ordered(invocationsOf(written.root.Transform)), inner, expansion);
  if (!isMap(result)) {
    throw validationError('Template format error: unsupported structure.');
  }
  return readExpanded(written, writePolicies(result, expansion.parameters), readingFor(expansion.context));
}
