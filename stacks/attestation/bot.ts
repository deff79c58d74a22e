import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  EventSourceMapping,
  FunctionUrlAuthType,
  Function as LambdaFunction,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { addRole, allow, botFunctionRoleName, botWorkerRoleName } from '../../roles';
import { acknowledge } from '../acknowledge';
import type { AlertQueue } from '../alerts/alertQueue';
import { type BotModel, type OrganizationModel, requestUrlOutput, resourceNames } from '../model';
import { bundleBot } from './botBundle';
import { BotQueue, workerTimeout } from './botQueue';
import { botStatements, workerStatements } from './botStatements';

/**
 * Slack's way in: function URL → function → answer within three seconds; and what is written down, through a queue to a
 * second function.
 *
 * The URL is open to everybody, as Slack has no credentials of AWS: what protects it is the signature that Slack puts on
 * each request, which the function checks before anything else. Strangers can make it run and say no; how often at a
 * time, the reserved concurrency bounds.
 */
export class Bot extends Construct {
  /** Only where people are asked what they used a privilege for. */
  readonly queue?: BotQueue;

  constructor(
    scope: Construct,
    id: string,
    model: OrganizationModel,
    { alerts, bot }: { readonly alerts: AlertQueue; readonly bot: BotModel },
  ) {
    super(scope, id);
    new Table(this, 'Seen', {
      tableName: resourceNames.botTable,
      partitionKey: { name: 'id', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const code = Code.fromAsset(bundleBot(bot.settings));
    this.queue = bot.settings.attestation && new BotQueue(this, 'Queue', alerts.key);
    addFront(this, model, { alerts, bot, code, queue: this.queue });
    if (this.queue !== undefined) {
      addWorker(this, model, { alerts, code, queue: this.queue });
    }
  }
}

interface Parts {
  readonly alerts: AlertQueue;
  readonly code: Code;
}

function addFront(
  scope: Construct,
  model: OrganizationModel,
  { alerts, bot, code, queue }: Parts & { readonly bot: BotModel; readonly queue?: BotQueue },
): void {
  const logs = new LogGroup(scope, 'Logs', {
    logGroupName: `/aws/lambda/${resourceNames.bot}`,
    retention: RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = addRole(scope, 'Role', model, {
    name: botFunctionRoleName,
    description: 'The function that Slack calls works as this role',
    trusts: new ServicePrincipal('lambda.amazonaws.com'),
    policyName: 'Bot',
    statements: [
      allow('Logs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [logs.logGroupArn]),
      ...botStatements(model, { alerts, queue }),
    ],
  });
  const front = new LambdaFunction(scope, 'Function', {
    ...common,
    functionName: resourceNames.bot,
    description: 'Garrison: what people click and write in Slack',
    handler: 'index.handler',
    code,
    role: role.withoutPolicyUpdates(),
    timeout: Duration.seconds(10),
    // Its processor grows with it: a cold start has to fit into Slack's three seconds.
    memorySize: 1_024,
    reservedConcurrentExecutions: bot.reservedConcurrency,
    logGroup: logs,
  });
  acknowledge(front, tested, ['AwsSolutions-L1']);
  const url = front.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  const output = new CfnOutput(Stack.of(scope), requestUrlOutput, {
    description: "Request URL of Garrison's app in Slack: events, interactivity, commands",
    value: url.url,
  });
  output.overrideLogicalId(requestUrlOutput);
}

function addWorker(
  scope: Construct,
  model: OrganizationModel,
  { alerts, code, queue }: Parts & { readonly queue: BotQueue },
): void {
  const { partition, homeRegion, securityAccountId } = model;
  // What is recorded says so in the log of the record: see `recordStack.ts`.
  const logGroupName = `/aws/lambda/${resourceNames.attestation}`;
  const logs = `arn:${partition}:logs:${homeRegion}:${securityAccountId}:log-group:${logGroupName}:*`;
  const role = addRole(scope, 'WorkerRole', model, {
    name: botWorkerRoleName,
    description: 'What people answer in Slack is recorded as this role',
    trusts: new ServicePrincipal('lambda.amazonaws.com'),
    policyName: 'BotWorker',
    statements: [
      allow('Logs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [logs]),
      ...workerStatements(model, alerts, queue),
    ],
  });
  const worker = new LambdaFunction(scope, 'Worker', {
    ...common,
    functionName: resourceNames.botWorker,
    description: 'Garrison: records what people answer in Slack',
    handler: 'worker.handler',
    code,
    role: role.withoutPolicyUpdates(),
    timeout: workerTimeout,
    memorySize: 256,
    logGroup: LogGroup.fromLogGroupName(scope, 'WorkerLogs', logGroupName),
  });
  acknowledge(worker, tested, ['AwsSolutions-L1']);
  new EventSourceMapping(scope, 'EventSource', {
    target: worker,
    eventSourceArn: queue.work.queueArn,
    batchSize: 5,
    maxBatchingWindow: Duration.seconds(0),
    reportBatchItemFailures: true,
    // All write to the end of one chain: more would only wait for each other.
    maxConcurrency: 2,
  }).node.addDependency(role);
}

const common = { runtime: Runtime.NODEJS_22_X, architecture: Architecture.ARM_64 } as const;
const tested = 'The version that the function is bundled for and tested on.';
