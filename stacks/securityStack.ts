import { CliCredentialsStackSynthesizer, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { addRole, allow, eventsRoleName } from '../roles';
import { Alarms } from './alerts/alarms';
import { AlertQueue } from './alerts/alertQueue';
import { AlertTable } from './alerts/alertTable';
import { FindingsBus } from './alerts/findingsBus';
import { Notifier } from './alerts/notifier';
import { assetsBucketName, busArn, type OrganizationModel } from './model';
import { addStackSets } from './stackSets';

/** The security account's home region: where findings arrive, who is told, and the stack sets for everywhere else. */
export class SecurityStack extends Stack {
  constructor(scope: Construct, model: OrganizationModel) {
    super(scope, 'garrison-security', {
      stackName: 'garrison-security',
      description: 'Garrison: bus, alert queue, notifier and stack sets of the security account',
      env: { account: model.securityAccountId, region: model.homeRegion },
      // The caller's own credentials and a bucket of ours: the CDK's bootstrap is not needed.
      synthesizer: new CliCredentialsStackSynthesizer({
        fileAssetsBucketName: assetsBucketName(model.securityAccountId, model.homeRegion),
      }),
    });
    const eventsRole = addRole(this, 'EventsRole', model, {
      name: eventsRoleName,
      description: 'Event rules carry findings from every region to the home bus as this role',
      trusts: new ServicePrincipal('events.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': model.securityAccountId },
          ArnLike: { 'aws:SourceArn': `arn:${model.partition}:events:*:${model.securityAccountId}:rule/garrison-*` },
        },
      }),
      policyName: 'PutEvents',
      statements: [allow('PutEvents', ['events:PutEvents'], [busArn(model)])],
    });
    const queue = new AlertQueue(this, 'AlertQueue', model);
    new FindingsBus(this, 'FindingsBus', model, { sender: eventsRole, queue });
    const table = new AlertTable(this, 'AlertTable');
    new Notifier(this, 'Notifier', model, { queue, table });
    new Alarms(this, 'Alarms', model, queue);
    addStackSets(this, model);
  }
}
