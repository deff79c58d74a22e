import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { type PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
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
 * Slack's way in: function URL → function → answer within three seconds; and what takes longer, through a queue to a
 * second function.
 *
 * The URL is open to everybody, as Slack has no credentials of AWS: what protects it is the signature that Slack puts on
 * each request, which the function checks before anything else. Strangers can make it run and say no; how often at a
 * time, the reserved concurrency bounds.
 */
export class Bot extends Construct {
  readonly queue: BotQueue;

  constructor(
    scope: Construct,
    id: string,
    model: OrganizationModel,
    { alerts, bot }: { readonly alerts: AlertQueue; readonly bot: BotModel },
  ) {
    super(scope, id);
    this.queue = new BotQueue(this, 'Queue', alerts.key);
    new Table(this, 'Seen', {
      tableName: resourceNames.botTable,
      partitionKey: { name: 'id', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const around = { model, alerts, queue: this.queue };
    const code = Code.fromAsset(bundleBot(bot.settings));
    const front = addFunction(this, 'Function', model, {
      name: resourceNames.bot,
      roleName: botFunctionRoleName,
      description: 'Garrison: what people click and write in Slack',
      handler: 'index.handler',
      code,
      statements: botStatements(around),
      timeout: Duration.seconds(10),
      // Its processor grows with it: a cold start has to fit into Slack's three seconds.
      memorySize: 1_024,
      reservedConcurrentExecutions: bot.reservedConcurrency,
    });
    addUrl(front);
    const worker = addFunction(this, 'Worker', model, {
      name: resourceNames.botWorker,
      roleName: botWorkerRoleName,
      description: 'Garrison: what the bot left for later',
      handler: 'worker.handler',
      code,
      statements: workerStatements(around),
      timeout: workerTimeout,
      memorySize: 256,
    });
    new EventSourceMapping(this, 'EventSource', {
      target: worker,
      eventSourceArn: this.queue.work.queueArn,
      batchSize: 5,
      maxBatchingWindow: Duration.seconds(0),
      reportBatchItemFailures: true,
      // All write to the end of one chain: more would only wait for each other.
      maxConcurrency: 2,
    }).node.addDependency(worker);
  }
}

function addUrl(front: LambdaFunction): void {
  const url = front.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  const reason =
    'Slack has no credentials of AWS: the function checks the signature on each request, its age and that it is new, before anything else.';
  acknowledge(url, reason, ['AwsSolutions-L2']);
  const output = new CfnOutput(Stack.of(front), requestUrlOutput, {
    description: "Request URL of Garrison's app in Slack: events, interactivity, commands",
    value: url.url,
  });
  output.overrideLogicalId(requestUrlOutput);
}

interface FunctionPart {
  readonly name: string;
  readonly roleName: string;
  readonly description: string;
  readonly handler: string;
  readonly code: Code;
  readonly statements: readonly PolicyStatement[];
  readonly timeout: Duration;
  readonly memorySize: number;
  readonly reservedConcurrentExecutions?: number;
}

function addFunction(scope: Construct, id: string, model: OrganizationModel, part: FunctionPart): LambdaFunction {
  const { name, roleName, statements, ...properties } = part;
  const logs = new LogGroup(scope, `${id}Logs`, {
    logGroupName: `/aws/lambda/${name}`,
    retention: RetentionDays.ONE_YEAR,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = addRole(scope, `${id}Role`, model, {
    name: roleName,
    description: `${part.description}: the function works as this role`,
    trusts: new ServicePrincipal('lambda.amazonaws.com'),
    policyName: 'Bot',
    statements: [allow('Logs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [logs.logGroupArn]), ...statements],
  });
  const made = new LambdaFunction(scope, id, {
    functionName: name,
    runtime: Runtime.NODEJS_22_X,
    architecture: Architecture.ARM_64,
    role: role.withoutPolicyUpdates(),
    logGroup: logs,
    ...properties,
  });
  acknowledge(made, 'The version that the function is bundled for and tested on.', ['AwsSolutions-L1']);
  return made;
}
