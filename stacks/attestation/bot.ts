import { join } from 'node:path';
import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { BotSettings } from '../../attestation/bot/settings';
import { botFunctionRoleName, botWorkerRoleName } from '../../roles';
import type { AlertQueue } from '../alerts/alertQueue';
import { bundleFunction, type FunctionFiles } from '../functions/bundle';
import { CentralFunction } from '../functions/centralFunction';
import { stateTable } from '../functions/stateTable';
import { WorkQueue } from '../functions/workQueue';
import { type BotModel, type OrganizationModel, requestUrlOutput, resourceNames } from '../model';
import { projectRoot } from '../projectRoot';
import { botStatements, workerStatements } from './botStatements';

const workerTimeout = Duration.seconds(30);

/** What only those receivers of Bolt need that are not used here: 1.4 MB become 180 kB, and load five times as fast. */
const unused = ['express', 'raw-body', 'path-to-regexp', '@slack/oauth', '@slack/socket-mode'];

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
  readonly queue?: WorkQueue;

  constructor(
    scope: Construct,
    id: string,
    model: OrganizationModel,
    { alerts, bot }: { readonly alerts: AlertQueue; readonly bot: BotModel },
  ) {
    super(scope, id);
    stateTable(this, 'Seen', resourceNames.botTable);
    const code = bundleBot(bot.settings);
    this.queue = bot.settings.attestation && botQueue(this, alerts.key);
    addFront(this, model, { alerts, bot, code, queue: this.queue });
    if (this.queue !== undefined) {
      addWorker(this, model, { alerts, code, queue: this.queue });
    }
  }
}

interface Parts {
  readonly alerts: AlertQueue;
  readonly code: FunctionFiles;
}

/** Both functions in one: `index.handler` and `worker.handler`. */
export function bundleBot(settings: BotSettings): FunctionFiles {
  const instead = join(projectRoot(), 'attestation/bot/unused.ts');
  return bundleFunction({
    entryPoints: { index: 'attestation/bot/handler.ts', worker: 'attestation/bot/worker.ts' },
    settings,
    alias: Object.fromEntries(unused.map((name) => [name, instead])),
  });
}

/** What the bot leaves for later waits here. */
function botQueue(scope: Construct, key: Key): WorkQueue {
  return new WorkQueue(scope, 'Queue', {
    queueName: resourceNames.botQueue,
    deadLetterQueueName: resourceNames.botDeadLetterQueue,
    alarmName: resourceNames.botDeadLetterAlarm,
    alarmDescription: 'Answers given in Slack were not recorded: garrison-bot-worker failed on them.',
    timeout: workerTimeout,
    // The worker hides what failed for some seconds, or as long as Slack asks: hours of an outage.
    attempts: 1_000,
    key,
  });
}

function addFront(
  scope: Construct,
  model: OrganizationModel,
  { alerts, bot, code, queue }: Parts & { readonly bot: BotModel; readonly queue?: WorkQueue },
): void {
  const { fn } = new CentralFunction(scope, 'Bot', model, {
    functionName: resourceNames.bot,
    description: 'Garrison: what people click and write in Slack',
    code,
    timeout: Duration.seconds(10),
    // Its processor grows with it: a cold start has to fit into Slack's three seconds.
    memorySize: 1_024,
    reservedConcurrentExecutions: bot.reservedConcurrency,
    role: {
      name: botFunctionRoleName,
      description: 'The function that Slack calls works as this role',
      policyName: 'Bot',
      statements: botStatements(model, { alerts, queue }),
    },
  });
  const url = fn.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  const output = new CfnOutput(Stack.of(scope), requestUrlOutput, {
    description: "Request URL of Garrison's app in Slack: events, interactivity, commands",
    value: url.url,
  });
  output.overrideLogicalId(requestUrlOutput);
}

function addWorker(
  scope: Construct,
  model: OrganizationModel,
  { alerts, code, queue }: Parts & { readonly queue: WorkQueue },
): void {
  new CentralFunction(scope, 'Worker', model, {
    functionName: resourceNames.botWorker,
    description: 'Garrison: records what people answer in Slack',
    handler: 'worker.handler',
    code,
    timeout: workerTimeout,
    memorySize: 256,
    role: {
      name: botWorkerRoleName,
      description: 'What people answer in Slack is recorded as this role',
      policyName: 'BotWorker',
      statements: workerStatements(model, alerts),
    },
    // All write to the end of one chain: more would only wait for each other.
    source: { queue, batchSize: 5, maxConcurrency: 2 },
    // What is recorded says so in the log of the record: see `recordStack.ts`.
    logGroupName: `/aws/lambda/${resourceNames.attestation}`,
  });
}
