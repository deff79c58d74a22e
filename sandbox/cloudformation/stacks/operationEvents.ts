import type { DescribeEventsInput } from '@aws-sdk/client-cloudformation';
import { paginate } from '../../core/paginate';
import type { CallContext, Handler } from '../../core/service';
import { validationError } from '../errors';
import { describeEvent } from './describe';
import type { Engine } from './run';
import type { Stack, StackEvent } from './state';

/** The operation that an event belongs to, told by the stack's own events around it. */
interface OperationSpan {
  readonly id: string;
  readonly type: string;
}

function spanOf(event: StackEvent): OperationSpan | undefined {
  const type = /^(CREATE|UPDATE|DELETE|ROLLBACK|IMPORT|UPDATE_ROLLBACK)_IN_PROGRESS$/.exec(event.status)?.[1];
  return type === undefined || event.type !== 'AWS::CloudFormation::Stack'
    ? undefined
    : {
        id: event.id,
        type: type === 'UPDATE_ROLLBACK' ? 'ROLLBACK' : `${type}_STACK`.replace('ROLLBACK_STACK', 'ROLLBACK'),
      };
}

function describe(stack: Stack, event: StackEvent, span: OperationSpan) {
  const { StackName: _name, ...shown } = describeEvent(stack, event);
  return { ...shown, OperationId: span.id, OperationType: span.type, EventType: 'STACK_EVENT' };
}

function stackOf(engine: Engine, input: DescribeEventsInput, context: CallContext): Stack {
  const { StackName: name, ChangeSetName: changeSet } = input;
  if (name === undefined && changeSet === undefined) {
    throw validationError('StackName or ChangeSetName must be specified.');
  }
  const stack =
    name === undefined
      ? [...engine.store.regions.at(context).byId.values()].find((each) => each.changeSets.has(changeSet ?? ''))
      : engine.store.find(name, context);
  if (!stack) {
    throw validationError(`Stack [${name ?? changeSet}] does not exist`);
  }
  return stack;
}

function describeEvents(engine: Engine): Handler {
  return (input: DescribeEventsInput, context) => {
    const stack = stackOf(engine, input, context);
    let span: OperationSpan = { id: stack.id, type: 'CREATE_STACK' };
    const described = stack.events.map((event) => {
      span = spanOf(event) ?? span;
      return describe(stack, event, span);
    });
    const chosen = described
      .filter((event) => input.OperationId === undefined || event.OperationId === input.OperationId)
      .filter((event) => !input.Filters?.FailedEvents || /_FAILED$/.test(event.ResourceStatus))
      .reverse();
    const page = paginate(chosen, { token: input.NextToken, maximum: 100, invalidCode: 'ValidationError' });
    return { OperationEvents: page.items, NextToken: page.nextToken };
  };
}

/** DescribeEvents: a stack's events, each with the operation that it belongs to. */
export function eventOperations(engine: Engine): Record<string, Handler> {
  return { DescribeEvents: describeEvents(engine) };
}
