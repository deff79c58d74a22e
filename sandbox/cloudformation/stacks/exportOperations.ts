import type { ListExportsInput, ListImportsInput } from '@aws-sdk/client-cloudformation';
import { paginate } from '../../core/paginate';
import type { Handler } from '../../core/service';
import { validationError } from '../errors';
import type { Engine } from './run';

function listExports(engine: Engine): Handler {
  return (input: ListExportsInput, context) => {
    const all = [...engine.store.regions.at(context).exports.values()];
    const page = paginate(all, { token: input.NextToken, maximum: 100, invalidCode: 'ValidationError' });
    return {
      Exports: page.items.map(({ name, value, stack }) => ({ ExportingStackId: stack.id, Name: name, Value: value })),
      NextToken: page.nextToken,
    };
  };
}

function listImports(engine: Engine): Handler {
  return (input: ListImportsInput, context) => {
    const name = input.ExportName ?? '';
    const importers = [...(engine.store.regions.at(context).importers.get(name) ?? [])].map((stack) => stack.name);
    if (importers.length === 0) {
      throw validationError(`Export '${name}' is not imported by any stack.`);
    }
    const page = paginate(importers, { token: input.NextToken, maximum: 100, invalidCode: 'ValidationError' });
    return { Imports: page.items, NextToken: page.nextToken };
  };
}

/** ListExports, ListImports. */
export function exportOperations(engine: Engine): Record<string, Handler> {
  return { ListExports: listExports(engine), ListImports: listImports(engine) };
}
