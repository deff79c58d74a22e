import { Duration } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { AttestationSettings } from '../../attestation/settings';
import { attestationFunctionRoleName } from '../../roles';
import type { AlertQueue } from '../alerts/alertQueue';
import { bundleFunction } from '../functions/bundle';
import { addBusRule } from '../functions/busRule';
import { CentralFunction } from '../functions/centralFunction';
import { WorkQueue } from '../functions/workQueue';
import { type OrganizationModel, resourceNames } from '../model';
import { attestationRules } from './rules';
import { attestationStatements } from './statements';

/** Minutes from one look at the clock to the next: reminders and escalations are as punctual. */
const timerMinutes = 5;
const timeout = Duration.seconds(30);

/** Who used a privilege, and what for: bus → question queue → function → record, and questions to people. */
export class Attestation extends Construct {
  readonly queue: WorkQueue;

  constructor(
    scope: Construct,
    id: string,
    model: OrganizationModel,
    { alerts, settings }: { readonly alerts: AlertQueue; readonly settings: AttestationSettings },
  ) {
    super(scope, id);
    this.queue = questionQueue(this, alerts.key);
    admitRules(this.queue, model);
    for (const rule of attestationRules(model)) {
      const description = `${rule.description}: who, and what for`;
      addBusRule(this, { ...rule, description }, 'questions', this.queue);
    }
    addTimer(this, this.queue);
    new CentralFunction(this, 'Attestation', model, {
      functionName: resourceNames.attestation,
      description: 'Garrison: who used a privilege, and what for',
      code: bundleFunction({ entryPoints: { index: 'attestation/handler.ts' }, settings }),
      timeout,
      memorySize: 256,
      role: {
        name: attestationFunctionRoleName,
        description: 'The attestation reads its queue, adds to the record and asks people as this role',
        policyName: 'Attestation',
        statements: attestationStatements(model, alerts),
      },
      // All write to the end of one chain: more would only wait for each other.
      source: { queue: this.queue, batchSize: 10, maxConcurrency: 2 },
      // It stands in the record's own stack, and stays there.
      logGroupName: `/aws/lambda/${resourceNames.attestation}`,
    });
  }
}

/** Uses of privileges wait here to be recorded and asked about. */
function questionQueue(scope: Construct, key: Key): WorkQueue {
  return new WorkQueue(scope, 'Queue', {
    queueName: resourceNames.questionQueue,
    deadLetterQueueName: resourceNames.questionDeadLetterQueue,
    alarmName: resourceNames.questionDeadLetterAlarm,
    alarmDescription: 'Uses of privileges were not recorded or not asked about: garrison-attestation failed on them.',
    timeout,
    // With growing pauses (`notifier/retry.ts`), half a day of an outage.
    attempts: 100,
    key,
  });
}

function admitRules(queue: WorkQueue, { partition, homeRegion, securityAccountId }: OrganizationModel): void {
  const rule = `arn:${partition}:events:${homeRegion}:${securityAccountId}:rule`;
  const rules = [`${rule}/${resourceNames.bus}/garrison-attest-*`, `${rule}/${resourceNames.attestationTimerRule}`];
  queue.admitRules('AttestationRules', rules, securityAccountId);
}

/** Rules with a schedule stand on the default bus. What the function takes for the time: `attestation/process.ts`. */
function addTimer(scope: Construct, { queue }: WorkQueue): void {
  new CfnRule(scope, 'Timer', {
    name: resourceNames.attestationTimerRule,
    description: 'Reminders and escalations of questions without an answer',
    scheduleExpression: `rate(${timerMinutes} minutes)`,
    state: 'ENABLED',
    targets: [
      {
        id: 'questions',
        arn: queue.queueArn,
        input: JSON.stringify({ source: 'garrison.attest-timer' }),
        retryPolicy: { maximumEventAgeInSeconds: timerMinutes * 60 },
      },
    ],
  });
}
