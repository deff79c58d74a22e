import { CfnEventBusPolicy, CfnRule, EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { findingsPattern } from '../findingsPattern';
import { busArn, type OrganizationModel, resourceNames } from '../model';
import type { AlertQueue } from './alertQueue';

const aDay = 24 * 60 * 60;

/** The bus to which every region sends its findings, and the rule that puts them into the alert queue. */
export class FindingsBus extends Construct {
  constructor(
    scope: Construct,
    id: string,
    model: OrganizationModel,
    { sender, queue }: { sender: Role; queue: AlertQueue },
  ) {
    super(scope, id);
    const bus = new EventBus(this, 'Bus', {
      eventBusName: resourceNames.bus,
      description: 'Garrison: findings of every account and region',
    });
    admitFindings(this, model, bus, sender);
    // The CDK's own queue target would admit the rules of every account in the world: see `admitRule`.
    const rule = new CfnRule(this, 'Findings', {
      name: resourceNames.findingsRule,
      description: 'Findings at or above the configured severity go to the alert queue',
      eventBusName: bus.eventBusName,
      eventPattern: findingsPattern(model),
      state: 'ENABLED',
      targets: [
        {
          id: 'alerts',
          arn: queue.alerts.queueArn,
          deadLetterConfig: { arn: queue.deadLetters.queueArn },
          retryPolicy: { maximumEventAgeInSeconds: aDay, maximumRetryAttempts: 185 },
        },
      ],
    });
    for (const admitting of [queue.alerts, queue.deadLetters]) {
      admitRule(admitting, rule, model);
    }
  }
}

/** Nothing but findings, and only from our own rules: they come as the role that carries them. */
function admitFindings(scope: Construct, model: OrganizationModel, bus: EventBus, sender: Role): void {
  new CfnEventBusPolicy(scope, 'BusPolicy', {
    eventBusName: bus.eventBusName,
    statementId: 'FindingsFromEveryRegion',
    statement: {
      Sid: 'FindingsFromEveryRegion',
      Effect: 'Allow',
      Principal: { AWS: sender.roleArn },
      Action: 'events:PutEvents',
      Resource: busArn(model),
      Condition: { StringEquals: { 'events:source': 'aws.guardduty' } },
    },
  });
}

function admitRule(queue: Queue, rule: CfnRule, model: OrganizationModel): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      sid: 'FindingsRule',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: {
        StringEquals: { 'aws:SourceAccount': model.securityAccountId },
        ArnEquals: { 'aws:SourceArn': rule.attrArn },
      },
    }),
  );
}
