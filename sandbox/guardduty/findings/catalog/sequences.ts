import { type Row, rows } from './entry';

const table: readonly Row[] = [
  [
    'AttackSequence:EC2/CompromisedInstanceGroup',
    9,
    'Potential compromise of a group of EC2 instances indicated by a sequence of actions.',
  ],
  [
    'AttackSequence:ECS/CompromisedCluster',
    9,
    'Potential compromise of an ECS cluster indicated by a sequence of actions.',
  ],
  [
    'AttackSequence:EKS/CompromisedCluster',
    9,
    'Potential compromise of an EKS cluster indicated by a sequence of actions.',
  ],
  [
    'AttackSequence:IAM/CompromisedCredentials',
    9,
    'Potential credential compromise of IAMUser/GeneratedFindingUserName indicated by a sequence of actions.',
  ],
  [
    'AttackSequence:S3/CompromisedData',
    9,
    'Potential data compromise of one or more S3 buckets involving a sequence of actions associated with IAMUser/GeneratedFindingUserName.',
  ],
];

export const sequences = rows(table, { resource: 'AttackSequence', action: 'none', feature: 'Correlation' });
