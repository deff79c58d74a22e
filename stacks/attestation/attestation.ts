import { Duration } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, EventSourceMapping, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { AttestationSettings } from '../../attestation/settings';
import { addRole, allow, attestationFunctionRoleName } from '../../roles';
import { acknowledge } from '../acknowledge';
import type { AlertQueue } from '../alerts/alertQueue';
import { logicalId } from '../detections/detectionRuleTemplate';
import { type OrganizationModel, resourceNames } from '../model';
import { bundleAttestation } from './bundle';
import { attestationTimeout, QuestionQueue } from './questionQueue';
import { attestationRules } from './rules';
import { attestationStatements } from './statements';

/** Minutes from one look at the clock to the next: reminders and escalations are as punctual. */
const timerMinutes = 5;
const aDay = 24 * 60 * 60;

/** Who used a privilege, and what for: bus → question queue → function → record, and questions to people. */
export class Attestation extends Construct {
  readonly queue: QuestionQueue;

  constructor(
    scope: Construct,
    id: string,
    model: OrganizationModel,
    { alerts, settings }: { readonly alerts: AlertQueue; readonly settings: AttestationSettings },
  ) {
    super(scope, id);
    this.queue = new QuestionQueue(this, 'Queue', model, alerts.key);
    addRules(this, model, this.queue);
    addTimer(this, this.queue);
    addFunction(this, model, { alerts, settings, queue: this.queue });
  }
}

function addRules(scope: Construct, model: OrganizationModel, { questions, deadLetters }: QuestionQueue): void {
  for (const { name, description, state, eventPattern, inputTransformer } of attestationRules(model)) {
    new CfnRule(scope, logicalId(name), {
      name,
      description: `${description}: who, and what for`,
      eventBusName: resourceNames.bus,
      eventPattern,
      state,
      targets: [
        {
          id: 'questions',
          arn: questions.queueArn,
          inputTransformer: { ...inputTransformer, inputPathsMap: { ...inputTransformer.inputPathsMap } },
          deadLetterConfig: { arn: deadLetters.queueArn },
          retryPolicy: { maximumEventAgeInSeconds: aDay, maximumRetryAttempts: 185 },
        },
      ],
    });
  }
}

/** Rules with a schedule stand on the default bus. What the function takes for the time: `attestation/process.ts`. */
function addTimer(scope: Construct, { questions }: QuestionQueue): void {
  new CfnRule(scope, 'Timer', {
    name: resourceNames.attestationTimerRule,
    description: 'Reminders and escalations of questions without an answer',
    scheduleExpression: `rate(${timerMinutes} minutes)`,
    state: 'ENABLED',
    targets: [
      {
        id: 'questions',
        arn: questions.queueArn,
        input: JSON.stringify({ source: 'garrison.attest-timer' }),
        retryPolicy: { maximumEventAgeInSeconds: timerMinutes * 60 },
      },
    ],
  });
}

interface Parts {
  readonly alerts: AlertQueue;
  readonly settings: AttestationSettings;
  readonly queue: QuestionQueue;
}

function addFunction(scope: Construct, model: OrganizationModel, { alerts, settings, queue }: Parts): void {
  const logGroupName = `/aws/lambda/${resourceNames.attestation}`;
  const { partition, homeRegion, securityAccountId } = model;
  const role = addRole(scope, 'Role', model, {
    name: attestationFunctionRoleName,
    description: 'The attestation reads its queue, adds to the record and asks people as this role',
    trusts: new ServicePrincipal('lambda.amazonaws.com'),
    policyName: 'Attestation',
    statements: [
      allow(
        'Logs',
        ['logs:CreateLogStream', 'logs:PutLogEvents'],
        [`arn:${partition}:logs:${homeRegion}:${securityAccountId}:log-group:${logGroupName}:*`],
      ),
      allow(
        'Queue',
        ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
        [queue.questions.queueArn],
      ),
      ...attestationStatements(model, alerts),
    ],
  });
  const attestation = new LambdaFunction(scope, 'Function', {
    functionName: resourceNames.attestation,
    description: 'Garrison: who used a privilege, and what for',
    runtime: Runtime.NODEJS_22_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code: Code.fromAsset(bundleAttestation('attestation/handler.ts', settings)),
    role: role.withoutPolicyUpdates(),
    timeout: attestationTimeout,
    memorySize: 256,
    // It stands in the record's own stack, and stays there.
    logGroup: LogGroup.fromLogGroupName(scope, 'Log', logGroupName),
  });
  acknowledge(attestation, 'The version that the function is bundled for and tested on.', ['AwsSolutions-L1']);
  new EventSourceMapping(scope, 'EventSource', {
    target: attestation,
    eventSourceArn: queue.questions.queueArn,
    batchSize: 10,
    maxBatchingWindow: Duration.seconds(0),
    reportBatchItemFailures: true,
    // All write to the end of one chain: more would only wait for each other.
    maxConcurrency: 2,
  }).node.addDependency(role);
}
