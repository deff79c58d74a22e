import type { InstanceDetails, Resource, S3BucketDetail } from '@aws-sdk/client-guardduty';
import type { Site } from '../../common/store';
import type { ResourceKind } from './catalog/entry';

/** Where a sample finding is made. */
export interface Place extends Site {
  readonly partition: string;
  readonly now: Date;
}

const launched = new Date('2016-08-02T02:05:06.000Z');
const tags = Array.from({ length: 9 }, (_, index) => ({
  Key: `GeneratedFindingInstanceTag${index + 1}`,
  Value: `GeneratedFindingInstanceTagValue${index + 1}`,
}));

function instance(place: Place): InstanceDetails {
  return {
    AvailabilityZone: 'GeneratedFindingInstanceAvailabilityZone',
    IamInstanceProfile: {
      Arn: `arn:${place.partition}:iam::${place.accountId}:example/instance/profile`,
      Id: 'GeneratedFindingInstanceProfileId',
    },
    ImageDescription: 'GeneratedFindingInstanceImageDescription',
    ImageId: 'ami-99999999',
    InstanceId: 'i-99999999',
    InstanceState: 'running',
    InstanceType: 'm3.xlarge',
    OutpostArn: `arn:${place.partition}:outposts:${place.region}:${place.accountId}:outpost/op-0fbc006e9abbc73c3`,
    LaunchTime: launched.toISOString(),
    NetworkInterfaces: [
      {
        Ipv6Addresses: [],
        NetworkInterfaceId: 'eni-bfcffe88',
        PrivateDnsName: 'GeneratedFindingPrivateDnsName',
        PrivateIpAddress: '10.0.0.1',
        PrivateIpAddresses: [{ PrivateDnsName: 'GeneratedFindingPrivateName', PrivateIpAddress: '10.0.0.1' }],
        PublicDnsName: 'GeneratedFindingPublicDNSName',
        PublicIp: '198.51.100.0',
        SecurityGroups: [{ GroupId: 'GeneratedFindingSecurityId', GroupName: 'GeneratedFindingSecurityGroupName' }],
        SubnetId: 'GeneratedFindingSubnetId',
        VpcId: 'GeneratedFindingVPCId',
      },
    ],
    ProductCodes: [{ Code: 'GeneratedFindingProductCodeId', ProductType: 'GeneratedFindingProductCodeType' }],
    Tags: tags,
  };
}

const accessKey = {
  AccessKeyId: 'GeneratedFindingAccessKeyId',
  PrincipalId: 'GeneratedFindingPrincipalId',
  UserName: 'GeneratedFindingUserName',
  UserType: 'IAMUser',
};

const open = {
  IgnorePublicAcls: false,
  RestrictPublicBuckets: false,
  BlockPublicAcls: false,
  BlockPublicPolicy: false,
};
const privateGrants = { AllowsPublicReadAccess: false, AllowsPublicWriteAccess: false };

function bucket(place: Place, withObject: boolean): S3BucketDetail {
  const name = 'GeneratedFindingS3Bucket';
  const arn = `arn:${place.partition}:s3:::${name}`;
  return {
    Arn: arn,
    Name: name,
    Type: 'Destination',
    CreatedAt: new Date(1513612691551),
    Owner: { Id: 'CanonicalId of Owner' },
    Tags: [{ Key: 'foo', Value: 'bar' }],
    DefaultServerSideEncryption: {
      EncryptionType: 'SSEAlgorithm',
      KmsMasterKeyArn: `arn:${place.partition}:kms:${place.region}:${place.accountId}:key/key-id`,
    },
    PublicAccess: {
      PermissionConfiguration: {
        BucketLevelPermissions: {
          AccessControlList: privateGrants,
          BucketPolicy: privateGrants,
          BlockPublicAccess: open,
        },
        AccountLevelPermissions: { BlockPublicAccess: open },
      },
      EffectivePermission: 'NOT_PUBLIC',
    },
    S3ObjectDetails: withObject
      ? [
          {
            ObjectArn: `${arn}/GeneratedFindingS3ObjectKey`,
            Key: 'GeneratedFindingS3ObjectKey',
            ETag: 'GeneratedFindingS3ObjectETag',
            Hash: 'GeneratedFindingS3ObjectHash',
            VersionId: 'GeneratedFindingS3ObjectVersionId',
          },
        ]
      : undefined,
  };
}

const container = {
  ContainerRuntime: 'docker',
  Id: 'GeneratedFindingContainerId',
  Name: 'GeneratedFindingContainerName',
  Image: 'GeneratedFindingContainerImage',
  ImagePrefix: 'GeneratedFindingContainerImagePrefix',
  VolumeMounts: [{ Name: 'GeneratedFindingVolumeMountName', MountPath: 'GeneratedFindingVolumeMountPath' }],
  SecurityContext: { Privileged: true },
};

function volumes(place: Place): Resource['EbsVolumeDetails'] {
  const scanned = {
    VolumeArn: `arn:${place.partition}:ec2:${place.region}:${place.accountId}:volume/vol-09d5050dea915943d`,
    VolumeType: 'gp2',
    DeviceName: '/dev/xvda',
    VolumeSizeInGB: 8,
    EncryptionType: 'UNENCRYPTED',
    SnapshotArn: `arn:${place.partition}:ec2:${place.region}:${place.accountId}:snapshot/snap-12345678901234567`,
  };
  return { ScannedVolumeDetails: [scanned], SkippedVolumeDetails: [] };
}

function kubernetes(place: Place): Resource {
  const name = 'GeneratedFindingEKSClusterName';
  return {
    ResourceType: 'EKSCluster',
    AccessKeyDetails: accessKey,
    EksClusterDetails: {
      Name: name,
      Arn: `arn:${place.partition}:eks:${place.region}:${place.accountId}:cluster/${name}`,
      VpcId: 'GeneratedFindingEKSClusterVpcId',
      Status: 'ACTIVE',
      Tags: tags,
      CreatedAt: new Date('2021-11-11T10:15:55.218Z'),
    },
    KubernetesDetails: {
      KubernetesUserDetails: {
        Username: 'GeneratedFindingUserName',
        Uid: 'GeneratedFindingUID',
        Groups: ['GeneratedFindingUserGroup'],
        SessionName: ['GeneratedFindingSessionName'],
      },
      KubernetesWorkloadDetails: {
        Name: 'GeneratedFindingKubernetesWorkloadName',
        Type: 'pods',
        Uid: 'GeneratedFindingKubernetesWorkloadUID',
        Namespace: 'GeneratedFindingKubernetesWorkloadNamespace',
        HostNetwork: true,
        Containers: [container],
        Volumes: [{ Name: 'GeneratedFindingVolumeName', HostPath: { Path: 'GeneratedFindingHostPath' } }],
      },
    },
  };
}

function ecs(place: Place): Resource {
  const arn = (kind: string) => `arn:${place.partition}:ecs:${place.region}:${place.accountId}:${kind}`;
  return {
    ResourceType: 'ECSCluster',
    EbsVolumeDetails: volumes(place),
    EcsClusterDetails: {
      Name: 'GeneratedFindingECSClusterName',
      Arn: arn('cluster/GeneratedFindingECSClusterName'),
      Status: 'ACTIVE',
      ActiveServicesCount: 1,
      RegisteredContainerInstancesCount: 1,
      RunningTasksCount: 1,
      Tags: tags,
      TaskDetails: {
        Arn: arn('task/GeneratedFindingECSClusterName/GeneratedFindingTaskId'),
        DefinitionArn: arn('task-definition/GeneratedFindingTaskDefinition:1'),
        Version: '1',
        Group: 'service:GeneratedFindingServiceName',
        TaskCreatedAt: launched,
        StartedAt: launched,
        Containers: [container],
        Tags: tags,
      },
    },
  };
}

function database(place: Place): Resource {
  const id = 'GeneratedFindingDBInstanceId';
  return {
    ResourceType: 'RDSDBInstance',
    RdsDbInstanceDetails: {
      DbInstanceIdentifier: id,
      Engine: 'Aurora MySQL',
      EngineVersion: '8.0.mysql_aurora.3.05.2',
      DbClusterIdentifier: 'GeneratedFindingDBClusterId',
      DbInstanceArn: `arn:${place.partition}:rds:${place.region}:${place.accountId}:db:${id}`,
      DbiResourceId: 'db-GENERATEDFINDINGRESOURCEID',
      Tags: tags,
    },
    RdsDbUserDetails: {
      User: 'GeneratedFindingUserName',
      Application: 'GeneratedFindingApplicationName',
      Database: 'GeneratedFindingDatabaseName',
      Ssl: 'GeneratedFindingSSLValue',
      AuthMethod: 'GeneratedFindingAuthMethod',
    },
  };
}

function lambda(place: Place): Resource {
  const name = 'GeneratedFindingLambdaFunctionName';
  return {
    ResourceType: 'Lambda',
    LambdaDetails: {
      FunctionArn: `arn:${place.partition}:lambda:${place.region}:${place.accountId}:function:${name}`,
      FunctionName: name,
      Description: 'GeneratedFindingLambdaFunctionDescription',
      LastModifiedAt: launched,
      RevisionId: 'GeneratedFindingRevisionId',
      FunctionVersion: '$LATEST',
      Role: `arn:${place.partition}:iam::${place.accountId}:role/GeneratedFindingRole`,
      VpcConfig: {
        SubnetIds: ['GeneratedFindingSubnetId'],
        VpcId: 'GeneratedFindingVPCId',
        SecurityGroups: [{ GroupId: 'GeneratedFindingSecurityId', GroupName: 'GeneratedFindingSecurityGroupName' }],
      },
      Tags: tags,
    },
  };
}

const builders: Readonly<Record<ResourceKind, (place: Place) => Resource>> = {
  Instance: (place) => ({ ResourceType: 'Instance', InstanceDetails: instance(place) }),
  AccessKey: (place) => ({
    ResourceType: 'AccessKey',
    AccessKeyDetails: accessKey,
    InstanceDetails: instance(place),
  }),
  S3Bucket: (place) => ({
    ResourceType: 'S3Bucket',
    AccessKeyDetails: accessKey,
    S3BucketDetails: [bucket(place, false)],
    InstanceDetails: instance(place),
  }),
  S3Object: (place) => ({ ResourceType: 'S3Object', S3BucketDetails: [bucket(place, true)] }),
  EKSCluster: kubernetes,
  ECSCluster: ecs,
  Container: (place) => ({
    ResourceType: 'Container',
    InstanceDetails: instance(place),
    EbsVolumeDetails: volumes(place),
    ContainerDetails: container,
  }),
  EBSSnapshot: (place) => ({
    ResourceType: 'EBSSnapshot',
    EbsSnapshotDetails: {
      SnapshotArn: `arn:${place.partition}:ec2:${place.region}:${place.accountId}:snapshot/snap-99999999`,
    },
  }),
  EC2Image: (place) => ({
    ResourceType: 'EC2Image',
    Ec2ImageDetails: {
      ImageArn: `arn:${place.partition}:ec2:${place.region}:${place.accountId}:image/ami-99999999`,
    },
  }),
  RecoveryPoint: (place) => ({
    ResourceType: 'RecoveryPoint',
    RecoveryPointDetails: {
      RecoveryPointArn: `arn:${place.partition}:backup:${place.region}:${place.accountId}:recovery-point:GeneratedFindingRecoveryPoint`,
      BackupVaultName: 'GeneratedFindingBackupVaultName',
    },
  }),
  RDSDBInstance: database,
  Lambda: lambda,
  AttackSequence: () => ({ ResourceType: 'AttackSequence' }),
};

/** The `Resource` of a sample finding, with the details that its kind has. */
export function sampleResource(kind: ResourceKind, place: Place): Resource {
  return builders[kind](place);
}
