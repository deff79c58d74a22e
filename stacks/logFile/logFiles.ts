import { Duration } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnSubscription } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { LogFileDetection, LogFileSettings } from '../../detections/logFile/settings';
import { logFilesRoleName } from '../../roles';
import type { AlertQueue } from '../alerts/alertQueue';
import { bundleFunction, type FunctionFiles } from '../functions/bundle';
import { CentralFunction } from '../functions/centralFunction';
import { stateTable } from '../functions/stateTable';
import { WorkQueue } from '../functions/workQueue';
import { type LogFileModel, type OrganizationModel, resourceNames } from '../model';
import { announcementStatement, logFileStatements } from './statements';

/** For the largest of files. */
const timeout = Duration.minutes(5);

interface Parts {
  readonly source: LogFileModel;
  readonly detections: readonly LogFileDetection[];
  readonly alerts: AlertQueue;
}

/** Detections in delivered log files: bucket → queue → function → alert queue. */
export class LogFiles extends Construct {
  readonly deadLetterAlarm: Alarm;

  constructor(scope: Construct, id: string, model: OrganizationModel, { source, detections, alerts }: Parts) {
    super(scope, id);
    const queue = announcements(this);
    this.deadLetterAlarm = queue.deadLetterAlarm;
    queue.queue.addToResourcePolicy(announcementStatement(queue.queue, source, model));
    subscribe(this, queue, source, model);
    const table = stateTable(this, 'Processed', resourceNames.logFileTable);
    new CentralFunction(this, 'Reader', model, {
      functionName: resourceNames.logFiles,
      description: 'Garrison: detections in delivered log files',
      code: bundleLogFiles(settingsOf(source, detections, model)),
      timeout,
      memorySize: 512,
      role: {
        name: logFilesRoleName,
        description: 'Detections read log files and put alerts on the queue as this role',
        policyName: 'LogFiles',
        statements: logFileStatements(source, model, { alerts, table }),
      },
      source: { queue, batchSize: 10, maxConcurrency: 10 },
    });
  }
}

/** The function's code and settings in a folder of their own. */
export function bundleLogFiles(settings: LogFileSettings): FunctionFiles {
  return bundleFunction({ entryPoints: { index: 'detections/logFile/handler.ts' }, settings });
}

function settingsOf(
  { queueUrl, alertQueueUrl, topicArn }: LogFileModel,
  detections: readonly LogFileDetection[],
  { notifier }: OrganizationModel,
): LogFileSettings {
  const { language } = notifier;
  return { version: 1, queueUrl, topicArn, alertQueueUrl, table: resourceNames.logFileTable, detections, language };
}

/** Names of files are no secret; under SQS's own key S3 and SNS of other accounts can announce them. */
function announcements(scope: Construct): WorkQueue {
  return new WorkQueue(scope, 'Announcements', {
    queueName: resourceNames.logFileQueue,
    deadLetterQueueName: resourceNames.logFileDeadLetterQueue,
    alarmName: resourceNames.logFileDeadLetterAlarm,
    alarmDescription: 'Log files were not looked through: garrison-log-files cannot read them, or failed on them.',
    timeout,
    // With growing pauses, an hour.
    attempts: 10,
  });
}

/** To a topic of another account its owner subscribes the queue; the function agrees. */
function subscribe(scope: Construct, { queue }: WorkQueue, { topicArn }: LogFileModel, model: OrganizationModel): void {
  const [, , , region, accountId] = topicArn?.split(':') ?? [];
  if (topicArn !== undefined && accountId === model.securityAccountId) {
    new CfnSubscription(scope, 'Subscription', { topicArn, region, protocol: 'sqs', endpoint: queue.queueArn });
  }
}
