import type { Parameter } from '@aws-sdk/client-cloudformation';
import type { CallContext } from '../../core/service';
import { reasonOf } from '../errors';
import type { TargetInput } from '../stacks/request';
import { storedParameters, targetOf } from '../stacks/request';
import { type Engine, placeOf } from '../stacks/run';
import type { Stack, StackTarget } from '../stacks/state';
import type { Template } from '../template/model';
import { resolveParameters } from '../template/parameters';
import { parameterValues } from '../template/scope';
import { checkTypes } from '../templateCheck';
import { expandTemplate } from './expand';

/** What a request wants, its transforms run; `failure` when they could not be, which only the operation tells. */
export interface ExpandedTarget {
  readonly target: StackTarget;
  readonly failure?: string;
}

async function expanded(
  engine: Engine,
  stack: Stack,
  input: { Parameters?: Parameter[] },
  written: Template,
  context: CallContext,
): Promise<Template> {
  const given = input.Parameters ?? [];
  const parameters = await resolveParameters(written, given, stack.current?.parameters, storedParameters(context));
  const place = placeOf(stack, { notificationArns: [] }, engine.world);
  const { macros } = engine.store.regions.at(stack);
  const template = await expandTemplate(written, {
    context,
    parameters: parameterValues(parameters, place),
    macro: (name) => macros.get(name),
  });
  checkTypes(template, engine.provider);
  return template;
}

/**
 * What a request wants the stack to be, transforms run.
 *
 * @throws ServiceError as `targetOf`
 */
export async function expandedTarget(
  engine: Engine,
  stack: Stack,
  input: TargetInput,
  written: Template,
  context: CallContext,
): Promise<ExpandedTarget> {
  if (!written.unexpanded) {
    return { target: await targetOf(input, written, context, stack.current) };
  }
  let template = written;
  let failure: string | undefined;
  try {
    template = await expanded(engine, stack, input, written, context);
  } catch (error) {
    failure = reasonOf(error);
  }
  return { target: await targetOf(input, template, context, stack.current), failure };
}
