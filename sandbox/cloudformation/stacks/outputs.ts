import { validationError } from '../errors';
import { evaluate, type Scope } from '../template/evaluate';
import { scalarText } from '../template/model';
import { isWanted } from '../template/scope';
import type { Run } from './run';
import type { CloudFormationRegion, Stack, StackOutput } from './state';

/** The outputs that the template defines, evaluated. @throws ServiceError `ValidationError` */
export function evaluateOutputs(run: Run): StackOutput[] {
  return [...run.target.template.outputs.values()]
    .filter((output) => isWanted(output, run.scope))
    .map((output) => ({
      key: output.key,
      value: outputText(output.key, evaluate(output.value, run.scope)),
      description: output.description,
      exportName: output.exportName === undefined ? undefined : exportName(output.exportName, run.scope),
    }));
}

function outputText(key: string, value: ReturnType<typeof evaluate>): string {
  const text = scalarText(value);
  if (text === undefined) {
    throw validationError(
      `Template format error: The Value field of every Outputs member must evaluate to a String: ${key}.`,
    );
  }
  return text;
}

function exportName(value: Parameters<typeof evaluate>[0], scope: Scope): string {
  const name = scalarText(evaluate(value, scope)) ?? '';
  if (name === '') {
    throw validationError('Template format error: Output Export Name must not be empty.');
  }
  return name;
}

/** Names of other stacks that import an export. */
export function importersOf(region: CloudFormationRegion, name: string): string[] {
  return [...(region.importers.get(name) ?? [])].map((stack) => stack.name);
}

/** Puts the stack's exports in the place of its earlier ones. @throws ServiceError `ValidationError` */
export function publishOutputs(run: Run, outputs: readonly StackOutput[]): void {
  const { stack, engine } = run;
  const region = engine.store.regions.at(stack);
  const wanted = new Map(outputs.flatMap((output) => (output.exportName ? [[output.exportName, output.value]] : [])));
  if (wanted.size < outputs.filter((output) => output.exportName !== undefined).length) {
    throw validationError(
      'Template format error: Duplicate Export names. Export names must be unique across every stack.',
    );
  }
  for (const [name, value] of wanted) {
    checkExport(region, stack, name ?? '', value ?? '');
  }
  for (const output of stack.outputs) {
    if (output.exportName !== undefined && !wanted.has(output.exportName)) {
      checkUnused(region, output.exportName);
    }
  }
  withdrawExports(region, stack);
  for (const output of outputs) {
    if (output.exportName !== undefined) {
      region.exports.set(output.exportName, { name: output.exportName, value: output.value, stack });
    }
  }
  stack.outputs = outputs;
}

function checkExport(region: CloudFormationRegion, stack: Stack, name: string, value: string): void {
  const known = region.exports.get(name);
  if (known && known.stack !== stack) {
    throw validationError(
      `Export with name ${name} is already exported by stack ${known.stack.name}. Rollback requested by user.`,
    );
  }
  const [importer] = importersOf(region, name);
  if (known && known.value !== value && importer !== undefined) {
    throw validationError(`Export ${name} cannot be updated as it is in use by ${importer}`);
  }
}

function checkUnused(region: CloudFormationRegion, name: string): void {
  const users = importersOf(region, name);
  if (users.length > 0) {
    throw validationError(`Export ${name} cannot be deleted as it is in use by ${users.join(', ')}`);
  }
}

export function withdrawExports(region: CloudFormationRegion, stack: Stack): void {
  for (const output of stack.outputs) {
    if (output.exportName !== undefined && region.exports.get(output.exportName)?.stack === stack) {
      region.exports.delete(output.exportName);
    }
  }
}

/** Which exports the stack imports from now on. */
export function recordImports(region: CloudFormationRegion, stack: Stack, imports: Set<string>): void {
  for (const name of stack.imports) {
    region.importers.get(name)?.delete(stack);
  }
  for (const name of imports) {
    const stacks = region.importers.get(name) ?? new Set();
    stacks.add(stack);
    region.importers.set(name, stacks);
  }
  stack.imports = imports;
}
