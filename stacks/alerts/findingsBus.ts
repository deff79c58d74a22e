import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Duration } from 'aws-cdk-lib';
import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { busArn, type OrganizationModel, resourceNames } from '../model';
import { findingsPattern } from '../findingsPattern';
import type { AlertQueue } from './alertQueue';

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
    new CfnEventBusPolicy(this, 'BusPolicy', {
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
    const rule = new Rule(this, 'Findings', {
      ruleName: resourceNames.findingsRule,
      description: 'Findings at or above the configured severity go to the alert queue',
      eventBus: bus,
      eventPattern: findingsPattern(model),
    });
    rule.addTarget(
      new SqsQueue(queue.alerts, {
        deadLetterQueue: queue.deadLetters,
        retryAttempts: 185,
        maxEventAge: Duration.hours(24),
      }),
    );
  }
}
