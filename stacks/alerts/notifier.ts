import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, EventSourceMapping, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { addRole, allow, notifierRoleName } from '../../roles';
import { acknowledge } from '../acknowledge';
import { type OrganizationModel, resourceNames } from '../model';
import { type AlertQueue, notifierTimeout } from './alertQueue';
import type { AlertTable } from './alertTable';
import { bundleNotifier } from './bundle';
import type { NotifierUse } from './notifierSource';
import { secretStatements } from './secretStatements';

/** The function that tells people: alert queue → Slack and other destinations. */
export class Notifier extends Construct {
  constructor(
    scope: Construct,
    id: string,
    model: OrganizationModel,
    { queue, table }: { queue: AlertQueue; table: AlertTable },
  ) {
    super(scope, id);
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${resourceNames.notifier}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = addRole(this, 'Role', model, {
      name: notifierRoleName,
      description: 'The notifier reads the alert queue, its secrets and the alert table as this role',
      trusts: new ServicePrincipal('lambda.amazonaws.com'),
      policyName: 'Notifier',
      statements: [
        allow('Logs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [logs.logGroupArn]),
        ...queueStatements(queue),
        allow('Table', ['dynamodb:GetItem', 'dynamodb:PutItem'], [table.table.tableArn]),
        allow('Heartbeat', ['cloudwatch:PutMetricData'], ['*'], {
          StringEquals: { 'cloudwatch:namespace': 'Garrison' },
        }),
        ...secretStatements(model),
      ],
    });
    const notifier = new LambdaFunction(this, 'Function', {
      functionName: resourceNames.notifier,
      description: 'Garrison: findings to Slack',
      runtime: Runtime.NODEJS_22_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(
        bundleNotifier({ ...model.notifier, tableName: resourceNames.alertTable }, notifierUse(model)),
      ),
      role: role.withoutPolicyUpdates(),
      timeout: notifierTimeout,
      memorySize: 256,
      logGroup: logs,
    });
    acknowledge(notifier, 'The version that the notifier is bundled for and tested on.', ['AwsSolutions-L1']);
    new EventSourceMapping(this, 'EventSource', {
      target: notifier,
      eventSourceArn: queue.alerts.queueArn,
      batchSize: 10,
      maxBatchingWindow: Duration.seconds(0),
      reportBatchItemFailures: true,
      // Slack takes about one message a second: more functions would only ask each other to wait.
      maxConcurrency: 2,
    }).node.addDependency(role);
  }
}

function queueStatements(queue: AlertQueue): PolicyStatement[] {
  return [
    allow(
      'Queue',
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
      [queue.alerts.queueArn],
    ),
    allow('QueueKey', ['kms:Decrypt'], [queue.key.keyArn]),
  ];
}

function notifierUse({ detections, followUps }: OrganizationModel): NotifierUse {
  return { detections: detections.alerts.length > 0, followUps };
}
