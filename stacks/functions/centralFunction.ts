import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, RemovalPolicy, Stage } from 'aws-cdk-lib';
import { type PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type CfnFunction,
  Code,
  EventSourceMapping,
  Function as LambdaFunction,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { type ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { addRole, allow } from '../../roles';
import { acknowledge } from '../acknowledge';
import type { OrganizationModel } from '../model';
import type { FunctionFiles } from './bundle';
import type { WorkQueue } from './workQueue';

/** A function of the security account's home region. */
export interface CentralFunctionProperties {
  readonly functionName: string;
  readonly description: string;
  readonly code: FunctionFiles;
  /** `index.handler` unless given. */
  readonly handler?: string;
  readonly timeout: Duration;
  /** MB. */
  readonly memorySize: number;
  readonly reservedConcurrentExecutions?: number;
  readonly role: {
    readonly name: string;
    readonly description: string;
    readonly policyName: string;
    /** Beside those for its log and its queue. */
    readonly statements: readonly PolicyStatement[];
  };
  /** Where it works off a queue. */
  readonly source?: {
    readonly queue: WorkQueue;
    readonly batchSize: number;
    readonly maxConcurrency: number;
  };
  /** A log group that another stack keeps; one of its own unless given. */
  readonly logGroupName?: string;
}

/** A function with a role and a log of its own, which works off a queue where it has one. */
export class CentralFunction extends Construct {
  readonly fn: LambdaFunction;

  constructor(scope: Construct, id: string, model: OrganizationModel, properties: CentralFunctionProperties) {
    super(scope, id);
    const { role: own, source } = properties;
    const { logs, logsArn } = logsOf(this, model, properties);
    const role = addRole(this, 'Role', model, {
      name: own.name,
      description: own.description,
      trusts: new ServicePrincipal('lambda.amazonaws.com'),
      policyName: own.policyName,
      statements: [
        allow('Logs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [logsArn]),
        ...(source ? [queueStatement(source.queue)] : []),
        ...own.statements,
      ],
    });
    this.fn = new LambdaFunction(this, 'Function', {
      functionName: properties.functionName,
      description: properties.description,
      runtime: Runtime.NODEJS_22_X,
      architecture: Architecture.ARM_64,
      handler: properties.handler ?? 'index.handler',
      code: assetOf(this, properties),
      role: role.withoutPolicyUpdates(),
      timeout: properties.timeout,
      memorySize: properties.memorySize,
      reservedConcurrentExecutions: properties.reservedConcurrentExecutions,
      logGroup: logs,
    });
    // Said by the reference to the role already (cfn-lint W3005).
    (this.fn.node.defaultChild as CfnFunction).addDeletionOverride('DependsOn');
    acknowledge(this.fn, 'The version that the function is bundled for and tested on.', ['AwsSolutions-L1']);
    if (source) {
      new EventSourceMapping(this, 'EventSource', {
        target: this.fn,
        eventSourceArn: source.queue.queue.queueArn,
        batchSize: source.batchSize,
        maxBatchingWindow: Duration.seconds(0),
        reportBatchItemFailures: true,
        maxConcurrency: source.maxConcurrency,
      }).node.addDependency(role);
    }
  }
}

/** The function's files, written into the cloud assembly: a folder elsewhere would be left behind. */
function assetOf(scope: Construct, { functionName, code }: CentralFunctionProperties): Code {
  const folder = join((Stage.of(scope) as Stage).outdir, 'functions', functionName);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(code)) {
    writeFileSync(join(folder, name), content);
  }
  return Code.fromAsset(folder);
}

function logsOf(
  scope: Construct,
  { partition, homeRegion, securityAccountId }: OrganizationModel,
  { functionName, logGroupName }: CentralFunctionProperties,
): { logs: ILogGroup; logsArn: string } {
  if (logGroupName !== undefined) {
    return {
      logs: LogGroup.fromLogGroupName(scope, 'Logs', logGroupName),
      logsArn: `arn:${partition}:logs:${homeRegion}:${securityAccountId}:log-group:${logGroupName}:*`,
    };
  }
  const logs = new LogGroup(scope, 'Logs', {
    logGroupName: `/aws/lambda/${functionName}`,
    retention: RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  return { logs, logsArn: logs.logGroupArn };
}

function queueStatement({ queue }: WorkQueue): PolicyStatement {
  return allow(
    'Queue',
    ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
    [queue.queueArn],
  );
}
