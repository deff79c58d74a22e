import { archive, eventBus, eventBusPolicy } from './events/bus';
import { rule } from './events/rule';
import { detector } from './guardduty/detector';
import { master, member } from './guardduty/members';
import { filter, listSet, publishingDestination } from './guardduty/sets';
import { managedPolicy } from './iam/managedPolicy';
import { accessKey, instanceProfile, oidcProvider, serviceLinkedRole } from './iam/others';
import { inlinePolicy, policy } from './iam/policy';
import { role } from './iam/role';
import { group, user, userToGroupAddition } from './iam/user';
import { lambdaFunction } from './lambda/function';
import { alias, eventInvokeConfig, eventSourceMapping, permission, url, version } from './lambda/others';
import type { ResourceProvider } from './provider';
import { queue, queueInlinePolicy, queuePolicy } from './sqs/queue';

/** Every type that needs nothing of CloudFormation itself. */
export const providers: Readonly<Record<string, ResourceProvider>> = {
  'AWS::Events::Archive': archive,
  'AWS::Events::EventBus': eventBus,
  'AWS::Events::EventBusPolicy': eventBusPolicy,
  'AWS::Events::Rule': rule,
  'AWS::GuardDuty::Detector': detector,
  'AWS::GuardDuty::Filter': filter,
  'AWS::GuardDuty::IPSet': listSet('IPSet', 'IpSetId'),
  'AWS::GuardDuty::Master': master,
  'AWS::GuardDuty::Member': member,
  'AWS::GuardDuty::PublishingDestination': publishingDestination,
  'AWS::GuardDuty::ThreatIntelSet': listSet('ThreatIntelSet', 'ThreatIntelSetId'),
  'AWS::IAM::AccessKey': accessKey,
  'AWS::IAM::Group': group,
  'AWS::IAM::GroupPolicy': inlinePolicy('Group'),
  'AWS::IAM::InstanceProfile': instanceProfile,
  'AWS::IAM::ManagedPolicy': managedPolicy,
  'AWS::IAM::OIDCProvider': oidcProvider,
  'AWS::IAM::Policy': policy,
  'AWS::IAM::Role': role,
  'AWS::IAM::RolePolicy': inlinePolicy('Role'),
  'AWS::IAM::ServiceLinkedRole': serviceLinkedRole,
  'AWS::IAM::User': user,
  'AWS::IAM::UserPolicy': inlinePolicy('User'),
  'AWS::IAM::UserToGroupAddition': userToGroupAddition,
  'AWS::Lambda::Alias': alias,
  'AWS::Lambda::EventInvokeConfig': eventInvokeConfig,
  'AWS::Lambda::EventSourceMapping': eventSourceMapping,
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::Lambda::Permission': permission,
  'AWS::Lambda::Url': url,
  'AWS::Lambda::Version': version,
  'AWS::SQS::Queue': queue,
  'AWS::SQS::QueueInlinePolicy': queueInlinePolicy,
  'AWS::SQS::QueuePolicy': queuePolicy,
};
