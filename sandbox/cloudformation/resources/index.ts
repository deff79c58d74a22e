import { asking } from './asking';
import { metadata, waitCondition, waitConditionHandle } from './cloudformation/simple';
import { stackSet } from './cloudformation/stackSet';
import { trail } from './cloudtrail/trail';
import { alarm } from './cloudwatch/alarm';
import { globalTable, table } from './dynamodb/table';
import { instance } from './ec2/instance';
import { keyPair } from './ec2/keyPair';
import { launchTemplate } from './ec2/launchTemplate';
import { networkInterface, networkInterfaceAttachment } from './ec2/networkInterface';
import { prefixList } from './ec2/prefixList';
import { securityGroup } from './ec2/securityGroup';
import { securityGroupRule } from './ec2/securityGroupRule';
import { subnet } from './ec2/subnet';
import { volume, volumeAttachment } from './ec2/volume';
import { vpc } from './ec2/vpc';
import { repository } from './ecr/repository';
import { archive, eventBus, eventBusPolicy } from './events/bus';
import { rule } from './events/rule';
import { detector } from './guardduty/detector';
import { master, member } from './guardduty/members';
import { filter, listSet, publishingDestination } from './guardduty/sets';
import { samlProvider, serverCertificate, virtualMfaDevice } from './iam/certificates';
import { managedPolicy } from './iam/managedPolicy';
import { accessKey, instanceProfile, oidcProvider, serviceLinkedRole } from './iam/others';
import { inlinePolicy, policy } from './iam/policy';
import { role } from './iam/role';
import { group, user, userToGroupAddition } from './iam/user';
import { key, kmsAlias } from './kms/key';
import { lambdaFunction } from './lambda/function';
import { alias, eventInvokeConfig, eventSourceMapping, permission, url, version } from './lambda/others';
import { logGroup, logStream, logsResourcePolicy, metricFilter, subscriptionFilter } from './logs/logGroup';
import type { ResourceProvider } from './provider';
import { bucket, bucketPolicy } from './s3/bucket';
import { secret, secretPolicy } from './secretsmanager/secret';
import { subscription, topic, topicPolicy } from './sns/topic';
import { queue, queueInlinePolicy, queuePolicy } from './sqs/queue';
import { parameter } from './ssm/parameter';

const known: Readonly<Record<string, ResourceProvider>> = {
  'AWS::CDK::Metadata': metadata,
  'AWS::CloudFormation::StackSet': stackSet,
  'AWS::CloudFormation::WaitCondition': waitCondition,
  'AWS::CloudFormation::WaitConditionHandle': waitConditionHandle,
  'AWS::CloudTrail::Trail': trail,
  'AWS::CloudWatch::Alarm': alarm,
  'AWS::DynamoDB::GlobalTable': globalTable,
  'AWS::DynamoDB::Table': table,
  'AWS::EC2::Instance': instance,
  'AWS::EC2::KeyPair': keyPair,
  'AWS::EC2::LaunchTemplate': launchTemplate,
  'AWS::EC2::NetworkInterface': networkInterface,
  'AWS::EC2::NetworkInterfaceAttachment': networkInterfaceAttachment,
  'AWS::EC2::PrefixList': prefixList,
  'AWS::EC2::SecurityGroup': securityGroup,
  'AWS::EC2::SecurityGroupEgress': securityGroupRule('Egress'),
  'AWS::EC2::SecurityGroupIngress': securityGroupRule('Ingress'),
  'AWS::EC2::Subnet': subnet,
  'AWS::EC2::VPC': vpc,
  'AWS::EC2::Volume': volume,
  'AWS::EC2::VolumeAttachment': volumeAttachment,
  'AWS::ECR::Repository': repository,
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
  'AWS::IAM::SAMLProvider': samlProvider,
  'AWS::IAM::ServerCertificate': serverCertificate,
  'AWS::IAM::ServiceLinkedRole': serviceLinkedRole,
  'AWS::IAM::User': user,
  'AWS::IAM::UserPolicy': inlinePolicy('User'),
  'AWS::IAM::UserToGroupAddition': userToGroupAddition,
  'AWS::IAM::VirtualMFADevice': virtualMfaDevice,
  'AWS::KMS::Alias': kmsAlias,
  'AWS::KMS::Key': key,
  'AWS::Lambda::Alias': alias,
  'AWS::Lambda::EventInvokeConfig': eventInvokeConfig,
  'AWS::Lambda::EventSourceMapping': eventSourceMapping,
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::Lambda::Permission': permission,
  'AWS::Lambda::Url': url,
  'AWS::Lambda::Version': version,
  'AWS::Logs::LogGroup': logGroup,
  'AWS::Logs::LogStream': logStream,
  'AWS::Logs::MetricFilter': metricFilter,
  'AWS::Logs::ResourcePolicy': logsResourcePolicy,
  'AWS::Logs::SubscriptionFilter': subscriptionFilter,
  'AWS::S3::Bucket': bucket,
  'AWS::S3::BucketPolicy': bucketPolicy,
  'AWS::SNS::Subscription': subscription,
  'AWS::SNS::Topic': topic,
  'AWS::SNS::TopicPolicy': topicPolicy,
  'AWS::SQS::Queue': queue,
  'AWS::SQS::QueueInlinePolicy': queueInlinePolicy,
  'AWS::SQS::QueuePolicy': queuePolicy,
  'AWS::SSM::Parameter': parameter,
  'AWS::SecretsManager::ResourcePolicy': secretPolicy,
  'AWS::SecretsManager::Secret': secret,
};

/** Every type that needs nothing of CloudFormation itself. */
export const providers: Readonly<Record<string, ResourceProvider>> = Object.fromEntries(
  Object.entries(known).map(([type, provider]) => [type, asking(type, provider)]),
);
