import type { CallContext } from '../core/service';
import { validationError } from './errors';
import type { FindProvider } from './stacks/run';
import { readingFor } from './strangers';
import type { Template } from './template/model';
import { readTemplate } from './template/read';
import { checkTransforms } from './transforms/expand';

const checked = new WeakSet<Template>();

/** Reads a template and checks it against the types that this CloudFormation knows. @throws ServiceError `ValidationError` */
export function acceptTemplate(body: string, provider: FindProvider, context: CallContext): Template {
  const template = readTemplate(body, readingFor(context));
  if (checked.has(template)) {
    return template;
  }
  checkTransforms(template);
  checkTypes(template, provider);
  checked.add(template);
  return template;
}

/** @throws ServiceError `ValidationError` naming the types that this CloudFormation does not know */
export function checkTypes(template: Template, provider: FindProvider): void {
  const types = new Set([...template.resources.values()].map((resource) => resource.type));
  const unknown = [...types].filter((type) => !provider(type));
  if (unknown.length > 0) {
    throw validationError(`Template format error: Unrecognized resource types: [${unknown.join(', ')}]`);
  }
}
