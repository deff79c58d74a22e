import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, EventSourceMapping, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { addRole, allow, arnOfRole, responderFunctionRoleName, responderRoleName } from '../../roles';
import { acknowledge } from '../acknowledge';
import type { AlertQueue } from '../alerts/alertQueue';
import { logicalId } from '../detections/detectionRuleTemplate';
import { type OrganizationModel, type Responding, resourceNames } from '../model';
import { bundleResponders } from './bundle';
import { ResponseQueue, responderTimeout } from './responseQueue';
import type { ResponseRule } from './rules';

const aDay = 24 * 60 * 60;

/** What answers to events by itself: rules of the bus → queue → function, which acts in other accounts; and its record. */
export class Responder extends Construct {
  readonly deadLetterAlarm: Alarm;

  constructor(
    scope: Construct,
    id: string,
    model: OrganizationModel,
    { responding, alerts }: { readonly responding: Responding; readonly alerts: AlertQueue },
  ) {
    super(scope, id);
    const queue = new ResponseQueue(this, 'Queue', model, alerts.key);
    this.deadLetterAlarm = queue.deadLetterAlarm;
    for (const rule of responding.rules.rules) {
      addRule(this, rule, queue);
    }
    // Kept as long as the records say, and with what stood at any time of the last weeks.
    const table = new Table(this, 'Table', {
      tableName: resourceNames.responseTable,
      partitionKey: { name: 'id', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${resourceNames.responder}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = functionRole(this, model, { queue, alerts, table, logs });
    const responder = new LambdaFunction(this, 'Function', {
      functionName: resourceNames.responder,
      description: 'Garrison: answers to events',
      runtime: Runtime.NODEJS_22_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(bundleResponders(responding.settings)),
      role: role.withoutPolicyUpdates(),
      timeout: responderTimeout,
      memorySize: 512,
      logGroup: logs,
    });
    acknowledge(responder, 'The version that the responders are bundled for and tested on.', ['AwsSolutions-L1']);
    new EventSourceMapping(this, 'EventSource', {
      target: responder,
      eventSourceArn: queue.responses.queueArn,
      // Each event by itself: one that takes long holds no other back.
      batchSize: 1,
      maxBatchingWindow: Duration.seconds(0),
      reportBatchItemFailures: true,
      maxConcurrency: 10,
    }).node.addDependency(role);
  }
}

function addRule(scope: Construct, rule: ResponseRule, { responses, deadLetters }: ResponseQueue): void {
  const { name, description, eventPattern, state, inputTransformer } = rule;
  new CfnRule(scope, logicalId(name), {
    name,
    description,
    eventBusName: resourceNames.bus,
    eventPattern,
    state,
    targets: [
      {
        id: 'responses',
        arn: responses.queueArn,
        ...(inputTransformer && {
          inputTransformer: { ...inputTransformer, inputPathsMap: { ...inputTransformer.inputPathsMap } },
        }),
        deadLetterConfig: { arn: deadLetters.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: aDay, maximumRetryAttempts: 185 },
      },
    ],
  });
}

interface Reached {
  readonly queue: ResponseQueue;
  readonly alerts: AlertQueue;
  readonly table: Table;
  readonly logs: LogGroup;
}

function functionRole(scope: Construct, model: OrganizationModel, { queue, alerts, table, logs }: Reached): Role {
  return addRole(scope, 'Role', model, {
    name: responderFunctionRoleName,
    description: 'The responders read their queue, keep their record and reach accounts as this role',
    trusts: new ServicePrincipal('lambda.amazonaws.com'),
    policyName: 'Responder',
    statements: [
      allow('Logs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [logs.logGroupArn]),
      allow(
        'Queue',
        ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
        [queue.responses.queueArn],
      ),
      allow('Tell', ['sqs:SendMessage'], [alerts.alerts.queueArn]),
      allow('QueueKey', ['kms:Decrypt', 'kms:GenerateDataKey'], [alerts.key.keyArn]),
      allow('Record', ['dynamodb:GetItem', 'dynamodb:PutItem'], [table.tableArn]),
      allow('ActInAccounts', ['sts:AssumeRole'], [arnOfRole(model, '*', responderRoleName)]),
    ],
  });
}
