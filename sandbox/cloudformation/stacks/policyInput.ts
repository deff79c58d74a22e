import type { GetStackPolicyInput, SetStackPolicyInput } from '@aws-sdk/client-cloudformation';
import type { CallContext, Handler } from '../../core/service';
import { isStranger } from '../../core/strangers';
import { validationError } from '../errors';
import { requiredTemplateText } from '../templateSource';
import type { Engine } from './run';

/** A stack policy from a request, by body or address. @throws ServiceError `ValidationError` */
export async function policyText(
  _engine: Engine,
  body: string | undefined,
  url: string | undefined,
  context: CallContext,
): Promise<string | undefined> {
  if (body !== undefined && url !== undefined) {
    throw validationError('You cannot specify both StackPolicyURL and StackPolicyBody');
  }
  const text = url === undefined ? body : await requiredTemplateText({ TemplateURL: url }, context);
  if (text !== undefined) {
    checkPolicy(text, context);
  }
  return text;
}

function checkPolicy(text: string, context: CallContext): void {
  let document: { Statement?: unknown };
  try {
    document = JSON.parse(text) as { Statement?: unknown };
  } catch {
    throw validationError('Error validating stack policy: Invalid stack policy');
  }
  // Strangers' policies may say nothing.
  const says = document?.Statement !== undefined || isStranger(context);
  if (typeof document !== 'object' || document === null || !says) {
    throw validationError('Error validating stack policy: Invalid stack policy');
  }
}

/** GetStackPolicy and SetStackPolicy. */
export function setPolicy(engine: Engine): Record<string, Handler> {
  return {
    GetStackPolicy: (input: GetStackPolicyInput, context) => {
      const stack = engine.store.find(input.StackName, context);
      if (!stack) {
        throw validationError(`Stack: ${input.StackName} does not exist`);
      }
      return { StackPolicyBody: stack.policy };
    },
    SetStackPolicy: async (input: SetStackPolicyInput, context) => {
      const stack = engine.store.find(input.StackName, context);
      if (!stack || stack.status === 'DELETE_COMPLETE') {
        throw validationError(`Stack: ${input.StackName} does not exist`);
      }
      stack.policy = await policyText(engine, input.StackPolicyBody, input.StackPolicyURL, context);
      return {};
    },
  };
}
