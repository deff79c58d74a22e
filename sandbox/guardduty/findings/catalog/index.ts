import { ec2 } from './ec2';
import type { FindingType } from './entry';
import { iam } from './iam';
import { kubernetes } from './kubernetes';
import { others } from './others';
import { runtime } from './runtime';
import { s3 } from './s3';
import { sequences } from './sequences';

/** Every finding type that the local organization knows, by name. */
export const findingTypes: ReadonlyMap<string, FindingType> = new Map(
  [ec2, iam, s3, kubernetes, runtime, others, sequences].flat().map((entry) => [entry.type, entry]),
);
