/** Where the log files lie, and who is to read them. */
export interface LogFileSource {
  readonly partition: string;
  readonly bucket: string;
  readonly bucketAccount: string;
  readonly prefix: string;
  readonly keyArn?: string;
  readonly topicArn?: string;
  /** Of the function that reads. */
  readonly roleArn: string;
  readonly queueArn: string;
  readonly securityAccountId: string;
}

/** A statement of a policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: { readonly AWS: string };
  readonly Action: string | readonly string[];
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, unknown>>;
}

/** What only the owner of the bucket, of its key and of the topic can do: to be added to what is there. */
export interface OwnersPart {
  /** Where the bucket is another account's. */
  readonly bucketPolicyStatement?: Statement;
  /** Where the files lie under a key: `keyArn`. */
  readonly keyPolicyStatement?: Statement;
  /** One of `QueueConfigurations` of the bucket's notifications; none where a topic announces. */
  readonly queueConfiguration?: {
    readonly Id: string;
    readonly QueueArn: string;
    readonly Events: readonly string[];
    readonly Filter: {
      readonly Key: { readonly FilterRules: readonly { Name: 'prefix' | 'suffix'; Value: string }[] };
    };
  };
  /** What is asked of SNS where the topic is another account's. */
  readonly subscription?: {
    readonly TopicArn: string;
    readonly Protocol: 'sqs';
    readonly Endpoint: string;
  };
}

/** What the owner adds, so that log files are announced and can be read. Pure. */
export function ownersPart(source: LogFileSource): OwnersPart {
  const { partition, bucket, prefix, keyArn, topicArn, roleArn, queueArn } = source;
  const isForeign = source.bucketAccount !== source.securityAccountId;
  return {
    ...(isForeign && {
      bucketPolicyStatement: {
        Sid: 'GarrisonReadsLogFiles',
        Effect: 'Allow',
        Principal: { AWS: roleArn },
        Action: 's3:GetObject',
        Resource: `arn:${partition}:s3:::${bucket}/${prefix}*`,
      },
    }),
    ...(keyArn !== undefined && {
      keyPolicyStatement: {
        Sid: 'GarrisonReadsLogFiles',
        Effect: 'Allow',
        Principal: { AWS: roleArn },
        Action: 'kms:Decrypt',
        Resource: '*',
        Condition: { StringLike: { 'kms:ViaService': 's3.*.amazonaws.com*' } },
      },
    }),
    ...(topicArn === undefined
      ? {
          queueConfiguration: {
            Id: 'garrison-log-files',
            QueueArn: queueArn,
            Events: ['s3:ObjectCreated:*'],
            Filter: {
              Key: {
                FilterRules: [
                  ...(prefix === '' ? [] : [{ Name: 'prefix' as const, Value: prefix }]),
                  { Name: 'suffix' as const, Value: '.json.gz' },
                ],
              },
            },
          },
        }
      : topicArn.split(':')[4] !== source.securityAccountId && {
          subscription: { TopicArn: topicArn, Protocol: 'sqs', Endpoint: queueArn },
        }),
  };
}
