import { Duration } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { allow, arnOfRole, responderFunctionRoleName, responderRoleName } from '../../roles';
import type { AlertQueue } from '../alerts/alertQueue';
import { bundleFunction } from '../functions/bundle';
import { addBusRule } from '../functions/busRule';
import { CentralFunction } from '../functions/centralFunction';
import { stateTable } from '../functions/stateTable';
import { WorkQueue } from '../functions/workQueue';
import { type OrganizationModel, type Responding, resourceNames } from '../model';

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
    const queue = responseQueue(this, alerts.key);
    this.deadLetterAlarm = queue.deadLetterAlarm;
    const { partition, homeRegion, securityAccountId } = model;
    const rules = `arn:${partition}:events:${homeRegion}:${securityAccountId}:rule/${resourceNames.bus}/garrison-respond-*`;
    queue.admitRules('ResponseRules', [rules], securityAccountId);
    for (const rule of responding.rules.rules) {
      addBusRule(this, rule, 'responses', queue);
    }
    // Kept as long as the records say.
    const table = stateTable(this, 'Table', resourceNames.responseTable);
    new CentralFunction(this, 'Responder', model, {
      functionName: resourceNames.responder,
      description: 'Garrison: answers to events',
      code: bundleFunction({ entryPoints: { index: 'responders/handler.ts' }, settings: responding.settings }),
      timeout,
      memorySize: 512,
      role: {
        name: responderFunctionRoleName,
        description: 'The responders read their queue, keep their record and reach accounts as this role',
        policyName: 'Responder',
        statements: [
          allow('Tell', ['sqs:SendMessage'], [alerts.queue.queueArn]),
          allow('QueueKey', ['kms:Decrypt', 'kms:GenerateDataKey'], [alerts.key.keyArn]),
          allow('Record', ['dynamodb:GetItem', 'dynamodb:PutItem'], [table.tableArn]),
          allow('ActInAccounts', ['sts:AssumeRole'], [arnOfRole(model, '*', responderRoleName)]),
        ],
      },
      // Each event by itself: one that takes long holds no other back.
      source: { queue, batchSize: 1, maxConcurrency: 10 },
    });
  }
}

const timeout = Duration.seconds(60);

/** Events wait here for the responders. What waits for an approval, or for a service that throttles, comes again. */
function responseQueue(scope: Construct, key: Key): WorkQueue {
  return new WorkQueue(scope, 'Queue', {
    queueName: resourceNames.responseQueue,
    deadLetterQueueName: resourceNames.responseDeadLetterQueue,
    alarmName: resourceNames.responseDeadLetterAlarm,
    alarmDescription: 'Events were not answered: the responders failed on them, or no queue could take them.',
    timeout,
    attempts: 100,
    key,
  });
}
