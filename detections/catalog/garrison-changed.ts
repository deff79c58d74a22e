import { all, any, calls, like } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, documented, example, roleSession } from '../examples';
import { notByRollouts, rolloutRoles } from '../rollouts';

const roles = ['Garrison*', 'AWSCloudFormationStackSetAdministrationRole*', 'AWSCloudFormationStackSetExecutionRole*'];

/** A name at the end of an ARN, address or path, or by itself. */
const forms = (names: readonly string[]) => names.map((name) => `*${name}*`);

export const garrisonChanged = defineDetection({
  id: 'garrison-changed',
  title: 'A part of Garrison was changed',
  severity: 'critical',
  meaning:
    'The guard itself: a function, rule, queue, secret, role or stack set of Garrison was changed or removed outside of a rollout.',
  runbook: [
    'Run `garrison verify`, then `garrison apply`: it puts everything back.',
    'Find out who made the call; a rollout’s own changes come from the Garrison roles and are left out.',
  ],
  references: { cis: [], attack: ['T1562.001'] },
  parameters: {
    names: { meaning: 'what the names of Garrison’s parts contain', default: ['garrison'] as readonly string[] },
    operators: rolloutRoles,
  },
  outcome: 'success',
  regions: 'all',
  requires: ['trail'],
  condition: ({ names, operators }) =>
    all(
      notByRollouts(operators),
      any(
        all(
          calls(
            'lambda.amazonaws.com',
            'DeleteFunction20150331',
            'UpdateFunctionCode20150331v2',
            'UpdateFunctionConfiguration20150331v2',
            'PutFunctionConcurrency20171031',
          ),
          like('requestParameters.functionName', ...forms(names)),
        ),
        all(
          calls(
            'events.amazonaws.com',
            'DeleteRule',
            'DisableRule',
            'RemoveTargets',
            'PutRule',
            'DeleteEventBus',
            'RemovePermission',
          ),
          any(like('requestParameters.name', ...forms(names)), like('requestParameters.rule', ...forms(names))),
        ),
        all(
          calls('lambda.amazonaws.com', 'UpdateEventSourceMapping20150331', 'DeleteEventSourceMapping20150331'),
          like('responseElements.functionArn', ...forms(names)),
        ),
        all(calls('dynamodb.amazonaws.com', 'DeleteTable'), like('requestParameters.tableName', ...forms(names))),
        all(
          calls('sqs.amazonaws.com', 'DeleteQueue', 'SetQueueAttributes', 'PurgeQueue'),
          like('requestParameters.queueUrl', ...forms(names)),
        ),
        all(
          calls('ssm.amazonaws.com', 'DeleteParameter', 'PutParameter'),
          like('requestParameters.name', ...forms(names)),
        ),
        all(
          calls('secretsmanager.amazonaws.com', 'DeleteSecret', 'PutSecretValue', 'UpdateSecret'),
          like('requestParameters.secretId', ...forms(names)),
        ),
        all(
          calls(
            'iam.amazonaws.com',
            'DeleteRole',
            'UpdateAssumeRolePolicy',
            'DeleteRolePolicy',
            'PutRolePolicy',
            'AttachRolePolicy',
            'DetachRolePolicy',
          ),
          like('requestParameters.roleName', ...roles, ...names.map((name) => `${name}*`)),
        ),
        all(
          calls(
            'cloudformation.amazonaws.com',
            'DeleteStackSet',
            'DeleteStackInstances',
            'UpdateStackSet',
            'DeleteStack',
          ),
          any(
            like('requestParameters.stackSetName', ...forms(names)),
            like('requestParameters.stackName', ...forms(names)),
          ),
        ),
      ),
    ),
  fields: [
    'requestParameters.functionName',
    'requestParameters.name',
    'requestParameters.rule',
    'requestParameters.queueUrl',
    'requestParameters.roleName',
    'requestParameters.stackSetName',
  ],
  deduplicationKey: ['recipientAccountId', 'eventName', 'userIdentity.arn'],
  firing: [
    example(
      'A rule is disabled',
      apiCall('events.amazonaws.com', 'DisableRule', { requestParameters: { name: 'garrison-findings' } }),
    ),
    example(
      'The execution role is deleted',
      apiCall('iam.amazonaws.com', 'DeleteRole', {
        requestParameters: { roleName: 'AWSCloudFormationStackSetExecutionRole' },
      }),
    ),
    example(
      'The role of the notifier may do nothing any more',
      apiCall('iam.amazonaws.com', 'DeleteRolePolicy', {
        requestParameters: { roleName: 'garrison-notifier', policyName: 'Notifier' },
      }),
    ),
    example(
      'The notifier is cut off from its queue',
      apiCall('lambda.amazonaws.com', 'UpdateEventSourceMapping20150331', {
        requestParameters: { uUID: '3f1b5f5e-0000-4000-8000-000000000003', enabled: false },
        responseElements: { functionArn: `arn:aws:lambda:eu-central-1:111122223333:function:garrison-notifier` },
      }),
      documented,
    ),
    example(
      'The queue is emptied',
      apiCall('sqs.amazonaws.com', 'PurgeQueue', {
        requestParameters: { queueUrl: 'https://sqs.eu-central-1.amazonaws.com/111122223333/garrison-alerts' },
      }),
    ),
  ],
  quiet: [
    example(
      'A rollout',
      apiCall('lambda.amazonaws.com', 'UpdateFunctionCode20150331v2', {
        userIdentity: roleSession('GarrisonOperator', 'apply'),
        requestParameters: { functionName: 'garrison-notifier' },
      }),
    ),
    example('Another rule', apiCall('events.amazonaws.com', 'DisableRule', { requestParameters: { name: 'nightly' } })),
  ],
});
