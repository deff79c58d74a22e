import * as schemas from '@aws-sdk/client-cloudwatch-logs';
import { requestTagConditions, resourceTagConditions } from '../common/tags';
import type { AuthorizationRequest, CallContext, ServiceFactory } from '../core/service';
import { eventOperations } from './events';
import { filterOperations, makeMetrics, sendToSubscribers } from './filters';
import { groupOperations } from './groups';
import { Logs } from './state';

interface Input {
  logGroupName?: string;
  logGroupIdentifier?: string;
  resourceIdentifier?: string;
  resourceArn?: string;
  logStreamName?: string;
  tags?: Record<string, string>;
}

const onStream = ['PutLogEvents', 'GetLogEvents', 'DeleteLogStream'];

const onEverything = ['DescribeLogGroups', 'DescribeResourcePolicies'];

/** The account's resource policies as one document: any of their statements may allow. */
function accountPolicy(logs: Logs, context: CallContext): string | undefined {
  const documents = [...logs.regions.at(context).policies.values()].map(
    (policy) => JSON.parse(policy.document) as { Statement?: unknown },
  );
  const statements = documents.flatMap((document) => [document.Statement ?? []].flat());
  return statements.length > 0 ? JSON.stringify({ Version: '2012-10-17', Statement: statements }) : undefined;
}

function authorization(logs: Logs, operation: string, given: unknown, context: CallContext): AuthorizationRequest[] {
  const input = (given ?? {}) as Input;
  const action = `logs:${operation}`;
  // Lists ask about no group, whatever they look for.
  const identifier = onEverything.includes(operation)
    ? undefined
    : (input.logGroupName ?? input.logGroupIdentifier ?? input.resourceIdentifier ?? input.resourceArn);
  const conditions = requestTagConditions(new Map(Object.entries(input.tags ?? {})));
  if (!identifier) {
    return [
      {
        action,
        resources: [operation === 'DescribeLogGroups' ? `${logs.arn('', context)}:log-stream:*` : '*'],
        conditions,
      },
    ];
  }
  const name = Logs.nameOf(identifier);
  const group = logs.regions.at(context).groups.get(name);
  const arn = logs.arn(name, context);
  const resource = onStream.includes(operation) ? `${arn}:log-stream:${input.logStreamName ?? ''}` : `${arn}:*`;
  return [
    {
      action,
      resources: [operation.endsWith('Resource') ? arn : resource],
      resourceAccountId: context.accountId,
      resourcePolicy: accountPolicy(logs, context),
      conditions: { ...conditions, ...resourceTagConditions(group?.tags ?? new Map()) },
    },
  ];
}

/** Amazon CloudWatch Logs: groups, streams, events, metric filters that make metrics, subscriptions. */
export const createLogs: ServiceFactory = (world) => {
  const logs = new Logs(world);
  return {
    signingNames: ['logs'],
    schemas,
    operations: {
      ...groupOperations(logs),
      ...eventOperations(logs, (group, stream, events) => {
        if (group.metricFilters.size > 0) {
          world.later(0, () => makeMetrics(logs, group, events));
        }
        if (group.subscriptionFilters.size > 0) {
          world.later(0, () => sendToSubscribers(logs, group, stream, events));
        }
      }),
      ...filterOperations(logs),
    },
    authorize: (operation, input, context) => authorization(logs, operation, input, context),
  };
};
