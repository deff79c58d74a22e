import {
  CloudFormationServiceException,
  DescribeStacksCommand,
  GetTemplateCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import type { Template } from '../assembly';
import type { StackTarget } from '../target';
import type { ObservedStack } from './types';

/** The stack, or `undefined` where there is none. Two calls; one where there is none. */
export async function observeStack(stackName: string, target: StackTarget): Promise<ObservedStack | undefined> {
  const stack = await describeStack(stackName, target);
  if (stack === undefined) {
    return undefined;
  }
  return {
    stackId: stack.StackId ?? stackName,
    status: stack.StackStatus ?? 'UNKNOWN',
    statusReason: stack.StackStatusReason,
    parameters: toRecord(stack.Parameters, (entry) => [entry.ParameterKey, entry.ParameterValue]),
    tags: toRecord(stack.Tags, (tag) => [tag.Key, tag.Value]),
    outputs: outputsOf(stack),
    template: await templateOf(stackName, target),
  };
}

/** What DescribeStacks says, or `undefined` where there is no such stack. */
export async function describeStack(stackName: string, { client }: StackTarget): Promise<Stack | undefined> {
  try {
    const answer = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    const stack = answer.Stacks?.[0];
    return stack?.StackStatus === 'DELETE_COMPLETE' ? undefined : stack;
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

/** The outputs of a stack by their keys. */
export function outputsOf(stack: Stack): Record<string, string> {
  return toRecord(stack.Outputs, (output) => [output.OutputKey, output.OutputValue]);
}

/** CloudFormation has no error of its own for a stack that does not exist: only the words tell. */
export function isMissing(error: unknown): boolean {
  return (
    error instanceof CloudFormationServiceException &&
    error.name === 'ValidationError' &&
    /does not exist/.test(error.message)
  );
}

async function templateOf(stackName: string, { client }: StackTarget): Promise<Template> {
  try {
    const answer = await client.send(new GetTemplateCommand({ StackName: stackName, TemplateStage: 'Original' }));
    return JSON.parse(answer.TemplateBody ?? '{}') as Template;
  } catch (error) {
    // A stack in review has no template yet; one written in YAML is none of ours. Either differs from what we want.
    if (error instanceof SyntaxError || (error as Error).name === 'ValidationError') {
      return {};
    }
    throw error;
  }
}

function toRecord<T>(
  entries: readonly T[] | undefined,
  read: (entry: T) => [string | undefined, string | undefined],
): Record<string, string> {
  return Object.fromEntries(
    (entries ?? []).map(read).flatMap(([key, value]) => (key === undefined ? [] : [[key, value ?? '']])),
  );
}
