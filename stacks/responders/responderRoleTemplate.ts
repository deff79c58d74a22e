import { Aws } from 'aws-cdk-lib';
import { StackSetStack } from 'cdk-stacksets';
import type { Construct } from 'constructs';
import { allowedImagesSetting } from '../../responders/allowedImages';
import { responderOf } from '../../responders/catalog';
import type { Statement } from '../../responders/responder';
import type { RespondingSettings } from '../../responders/settings';
import { ResponderRole } from '../../roles';
import type { OrganizationModel, Responding } from '../model';

/** Template of `garrison-responder-roles`. */
export class ResponderRoleTemplate extends StackSetStack {
  constructor(scope: Construct, id: string, model: OrganizationModel, { settings }: Responding) {
    super(scope, id);
    this.templateOptions.description = 'Garrison: responder role';
    new ResponderRole(this, 'ResponderRole', model, {
      statements: responderStatements(settings, { partition: model.partition, accountId: Aws.ACCOUNT_ID }),
      organizationId: model.organizationId,
    });
  }
}

/** What the responders that are on may do in an account, in all its regions. */
export function responderStatements(
  settings: Pick<RespondingSettings, 'enabled' | 'buckets'>,
  account: { readonly partition: string; readonly accountId: string },
): Statement[] {
  const place = { ...account, region: '*' };
  const statements = settings.enabled.flatMap((id) => [
    ...(responderOf(id)?.statements(place, settings) ?? []),
    ...(id === 'unapproved-image' ? allowedImagesSetting.statements() : []),
  ]);
  // Of buckets, none unless named: IAM takes no statement about nothing.
  return statements.filter(({ Resource }) => Resource.length > 0);
}
