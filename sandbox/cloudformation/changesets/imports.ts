import type { CreateChangeSetInput } from '@aws-sdk/client-cloudformation';
import { validationError } from '../errors';
import { identifierOf } from '../resources/schema';
import type { Template } from '../template/model';
import type { ChangeSet } from './model';

/** Resources to import, by logical id. @throws ServiceError `ValidationError` */
export function importsOf(
  input: CreateChangeSetInput,
  template: Template,
  type: ChangeSet['type'],
): Map<string, Readonly<Record<string, string>>> {
  const list = input.ResourcesToImport ?? [];
  if (type !== 'IMPORT') {
    if (list.length > 0) {
      throw validationError('ResourcesToImport can only be specified for ChangeSetType IMPORT.');
    }
    return new Map();
  }
  if (list.length === 0) {
    throw validationError('You must specify ResourcesToImport for ChangeSetType IMPORT.');
  }
  for (const each of list) {
    checkImport(each, template);
  }
  return new Map(list.map((each) => [each.LogicalResourceId ?? '', each.ResourceIdentifier ?? {}]));
}

function checkImport(each: NonNullable<CreateChangeSetInput['ResourcesToImport']>[number], template: Template): void {
  const { LogicalResourceId: id = '', ResourceType: type = '', ResourceIdentifier: identifier = {} } = each;
  const definition = template.resources.get(id);
  if (!definition) {
    throw validationError(`Resources [${id}] are not found in the template`);
  }
  if (definition.type !== type) {
    throw validationError(`Resource type ${type} of ${id} does not match the template's ${definition.type}`);
  }
  const needed = identifierOf(type);
  if (needed.length === 0) {
    throw validationError(`ResourceTypes [${type}] are not supported for Import`);
  }
  const given = Object.keys(identifier);
  if (needed.some((key) => !given.includes(key)) && given.length === 0) {
    throw validationError(`Resource identifiers [${needed.join(', ')}] must be specified for ${id}`);
  }
  if (definition.deletionPolicy === undefined) {
    throw validationError('Resources to import must have a DeletionPolicy attribute specified in the template.');
  }
}
