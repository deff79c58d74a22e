import type { CreateStackCommandInput, Parameter, RollbackConfiguration, Tag } from '@aws-sdk/client-cloudformation';
import { tagsFrom } from '../../common/tags';
import { ServiceError } from '../../core/errors';
import { passRole } from '../../core/passRole';
import type { CallContext, Caller } from '../../core/service';
import { isStranger } from '../../core/strangers';
import { checkTags } from '../constraints';
import { validationError } from '../errors';
import { acknowledged, insteadOfRole } from '../strangers';
import { checkCapabilities } from '../template/capabilities';
import type { Template } from '../template/model';
import { type ReadStored, resolveParameters } from '../template/parameters';
import type { Engine } from './run';
import type { Stack, StackTarget } from './state';

/** Reads Parameter Store as the caller. */
export function storedParameters(context: CallContext, caller: Caller = context.caller): ReadStored {
  return async (name) => {
    try {
      const answer = await context.world.call<{ Parameter?: { Value?: string } }>(
        'ssm',
        'GetParameter',
        { Name: name },
        { caller, region: context.region, via: 'cloudformation.amazonaws.com' },
      );
      return answer.Parameter?.Value;
    } catch (error) {
      if (error instanceof ServiceError && error.code.startsWith('ParameterNotFound')) {
        return undefined;
      }
      throw error;
    }
  };
}

/** Alarms that would take an update back; they are kept, not watched. @throws ServiceError `ValidationError` */
function checkRollback(given: RollbackConfiguration | undefined): RollbackConfiguration | undefined {
  for (const { Arn = '', Type } of given?.RollbackTriggers ?? []) {
    if (Type !== 'AWS::CloudWatch::Alarm' && Type !== 'AWS::CloudWatch::CompositeAlarm') {
      throw validationError('Rollback Trigger Type not supported');
    }
    if (!/^arn:[^:]+:cloudwatch:[^:]*:[^:]*:alarm:./.test(Arn)) {
      throw validationError("RelativeId of a Rollback Trigger's ARN is incorrect");
    }
  }
  return given;
}

/** Members of a request that say what the stack shall be. */
export type TargetInput = Pick<
  CreateStackCommandInput,
  'Capabilities' | 'NotificationARNs' | 'RollbackConfiguration'
> & {
  Parameters?: Parameter[];
  Tags?: Tag[];
};

/**
 * What a request wants the stack to be.
 *
 * @param previous what it is now; tags and topics stay when the request names none
 * @throws ServiceError `ValidationError`, `InsufficientCapabilitiesException`
 */
export async function targetOf(
  input: TargetInput,
  template: Template,
  context: CallContext,
  previous?: StackTarget,
): Promise<StackTarget> {
  checkTags(input.Tags);
  acknowledged(context, () => checkCapabilities(template, input.Capabilities));
  const parameters = await resolveParameters(
    template,
    input.Parameters ?? [],
    previous?.parameters,
    storedParameters(context),
  );
  return {
    template,
    parameters,
    tags: input.Tags === undefined && previous ? previous.tags : tagsFrom(input.Tags),
    capabilities: input.Capabilities ?? [],
    notificationArns: input.NotificationARNs ?? previous?.notificationArns ?? [],
    rollback: checkRollback(input.RollbackConfiguration) ?? previous?.rollback,
  };
}

/** @throws ServiceError `ValidationError` when the template has a type that the request does not allow */
export function checkResourceTypes(template: Template, allowed: readonly string[] | undefined): void {
  if (!allowed || allowed.length === 0) {
    return;
  }
  const patterns = allowed.map(
    (each) => new RegExp(`^${each.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`),
  );
  for (const { type } of template.resources.values()) {
    if (!patterns.some((pattern) => pattern.test(type))) {
      throw validationError(`Resource type ${type} is not allowed by parameter ResourceTypes [${allowed.join(', ')}]`);
    }
  }
}

/** The session of a stack's role. */
function assumeStackRole(
  engine: Engine,
  stack: Pick<Stack, 'id' | 'accountId' | 'region'>,
  roleArn: string,
): Promise<Caller> {
  const service = engine.world.serviceCaller('cloudformation.amazonaws.com', {
    accountId: stack.accountId,
    arn: stack.id,
  });
  return engine.world.assumeRole(roleArn, 'AWSCloudFormation', service, stack.region);
}

/**
 * Checks that the caller may pass the role and that CloudFormation can take it on.
 *
 * @throws ServiceError `AccessDenied`, `ValidationError`
 */
export async function checkRole(
  engine: Engine,
  context: CallContext,
  stack: Stack,
  roleArn: string | undefined,
): Promise<void> {
  // A stranger's role need not be there.
  if (roleArn === undefined || isStranger(context)) {
    return;
  }
  passRole(context, roleArn, 'cloudformation.amazonaws.com');
  try {
    await assumeStackRole(engine, stack, roleArn);
  } catch {
    throw validationError(`Role ${roleArn} is invalid or cannot be assumed`);
  }
}

/**
 * Who makes the resource calls of an operation: the stack's role once it has one, else the caller.
 *
 * @param failure why the operation cannot begin: a transform failed; asking then throws it
 */
export function operatorOf(engine: Engine, stack: Stack, caller: Caller, failure?: string): () => Promise<Caller> {
  return async () => {
    if (failure !== undefined) {
      throw validationError(`${failure}.`);
    }
    stack.operator =
      stack.roleArn === undefined
        ? caller
        : await assumeStackRole(engine, stack, stack.roleArn).catch((error: unknown) =>
            insteadOfRole(engine.world, caller, stack.accountId, error),
          );
    return stack.operator;
  };
}
