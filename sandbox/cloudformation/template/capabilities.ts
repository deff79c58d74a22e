import { ServiceError } from '../../core/errors';
import type { Template } from './model';

/** IAM types and the property that gives them a name (User Guide, "Acknowledging IAM resources"). */
const iamNames: Readonly<Record<string, string | undefined>> = {
  'AWS::IAM::AccessKey': undefined,
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Policy': undefined,
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::User': 'UserName',
  'AWS::IAM::UserToGroupAddition': undefined,
  'AWS::IAM::RolePolicy': undefined,
  'AWS::IAM::UserPolicy': undefined,
  'AWS::IAM::GroupPolicy': undefined,
};

export interface RequiredCapabilities {
  readonly capabilities: string[];
  readonly reason?: string;
}

/** Transforms may make anything: whoever does not look at a change set first has to allow them. @throws ServiceError */
export function checkAutoExpand(template: Template, given: readonly string[] | undefined): void {
  if (template.transforms.length > 0 && !given?.includes('CAPABILITY_AUTO_EXPAND')) {
    throw insufficient('CAPABILITY_AUTO_EXPAND');
  }
}

function insufficient(needed: string | undefined): ServiceError {
  return new ServiceError('InsufficientCapabilitiesException', `Requires capabilities : [${needed}]`, 400);
}

/** What the template's user has to acknowledge. */
export function requiredCapabilities(template: Template): RequiredCapabilities {
  const iam = [...template.resources.values()].filter((resource) => Object.hasOwn(iamNames, resource.type));
  if (iam.length === 0) {
    return { capabilities: [] };
  }
  const named = iam.some((resource) => {
    const property = iamNames[resource.type];
    return property !== undefined && resource.properties[property] !== undefined;
  });
  const types = [...new Set(iam.map((resource) => resource.type))];
  return {
    capabilities: [named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM'],
    reason: `The following resource(s) require capabilities: [${types.join(', ')}]`,
  };
}

/** @throws ServiceError `InsufficientCapabilitiesException` */
export function checkCapabilities(template: Template, given: readonly string[] | undefined): void {
  const [needed] = requiredCapabilities(template).capabilities;
  const enough =
    needed === undefined ||
    given?.includes('CAPABILITY_NAMED_IAM') ||
    (needed === 'CAPABILITY_IAM' && given?.includes('CAPABILITY_IAM'));
  if (!enough) {
    throw insufficient(needed);
  }
}
