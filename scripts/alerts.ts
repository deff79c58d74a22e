import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { Command } from 'commander';
import { GarrisonError } from '../organization/errors';
import { resourceNames } from '../stacks/model';
import type { Io } from './io';
import { settingsFor } from './notifier/context';
import { requireSecurityAccount } from './notifier/securityAccount';
import { type CommonOptions, withCommonOptions } from './options';

interface RedriveOptions extends CommonOptions {
  readonly wait: boolean;
}

const pollMilliseconds = 1_000;
const mostPolls = 300;

/** `garrison alerts redrive`: gives the alerts in the dead-letter queue back to the notifier. */
export function register(program: Command, io: Io): void {
  const alerts = program.command('alerts').description('The alert queue.');
  const command = alerts
    .command('redrive')
    .description('Give the alerts in the dead-letter queue back to the notifier, once it is in order again.');
  withCommonOptions(command)
    .option('--no-wait', 'do not wait until all have been moved')
    .action((options: RedriveOptions) => redrive(options, command, io));
}

async function redrive(options: RedriveOptions, command: Command, io: Io): Promise<void> {
  const settings = settingsFor(command);
  await requireSecurityAccount(settings);
  const { homeRegion } = settings;
  const client = new SQSClient({ region: homeRegion });
  const source = await queueOf(client, resourceNames.deadLetterQueue);
  const destination = await queueOf(client, resourceNames.alertQueue);
  const say = (moved: number) =>
    io.stdout.write(
      options.json
        ? `${JSON.stringify({ ok: true, waiting: source.waiting, moved })}\n`
        : `${sentence(moved, source.waiting, options.wait)}\n`,
    );
  if (source.waiting === 0) {
    say(0);
    return;
  }
  await client.send(new StartMessageMoveTaskCommand({ SourceArn: source.arn, DestinationArn: destination.arn }));
  say(options.wait ? await untilMoved(client, source.arn) : source.waiting);
}

function sentence(moved: number, waiting: number, done: boolean): string {
  return waiting === 0
    ? `Nothing to do: ${resourceNames.deadLetterQueue} is empty.`
    : `${moved} of ${waiting} alerts ${done ? 'are' : 'will be'} back in ${resourceNames.alertQueue}.`;
}

async function queueOf(client: SQSClient, name: string): Promise<{ readonly arn: string; readonly waiting: number }> {
  try {
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: name }));
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn', 'ApproximateNumberOfMessages'] }),
    );
    return { arn: Attributes?.QueueArn ?? '', waiting: Number(Attributes?.ApproximateNumberOfMessages ?? 0) };
  } catch (cause) {
    const error = cause instanceof Error ? cause.name : 'unknown error';
    const remedy = 'Run this as the security account, after garrison apply.';
    throw new GarrisonError('alerts.queue', `The queue ${name} cannot be read: ${error}.`, remedy, {}, { cause });
  }
}

async function untilMoved(client: SQSClient, arn: string): Promise<number> {
  for (let poll = 0; poll < mostPolls; poll += 1) {
    const { Results } = await client.send(new ListMessageMoveTasksCommand({ SourceArn: arn, MaxResults: 1 }));
    const task = Results?.[0];
    if (task?.Status === 'FAILED') {
      const remedy = 'What was not moved is still in the dead-letter queue: run this again.';
      throw new GarrisonError('alerts.redrive', `Moving stopped: ${task.FailureReason ?? 'no reason given'}.`, remedy);
    }
    if (task === undefined || task.Status === 'COMPLETED' || task.Status === 'CANCELLED') {
      return Number(task?.ApproximateNumberOfMessagesMoved ?? 0);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
  const remedy = 'It goes on by itself: see `aws sqs list-message-move-tasks`.';
  throw new GarrisonError('alerts.redrive', 'Moving takes longer than five minutes.', remedy);
}
