import { CfnEventBusPolicy, EventBus } from 'aws-cdk-lib/aws-events';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { findingsPattern } from '../findingsPattern';
import { addBusRule } from '../functions/busRule';
import { busArn, type OrganizationModel, resourceNames } from '../model';
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
    admitFindings(this, model, bus, sender);
    // The CDK's own queue target would admit the rules of every account in the world.
    const rule = addBusRule(
      this,
      {
        name: resourceNames.findingsRule,
        description: 'Findings at or above the configured severity go to the alert queue',
        eventPattern: findingsPattern(model),
        state: 'ENABLED',
      },
      'alerts',
      queue,
    );
    rule.node.addDependency(bus);
    queue.admitRules('FindingsRule', [rule.attrArn], model.securityAccountId);
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
