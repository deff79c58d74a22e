/** The parts of an Amazon Resource Name. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  /** Everything after the fifth colon. */
  readonly resource: string;
}

/** Splits an ARN; `undefined` when the text is none. */
export function parseArn(text: string | undefined): Arn | undefined {
  const parts = (text ?? '').split(':');
  const [prefix, partition, service, region, accountId, ...resource] = parts;
  if (prefix !== 'arn' || !partition || !service || region === undefined || accountId === undefined) {
    return undefined;
  }
  return resource.length === 0 ? undefined : { partition, service, region, accountId, resource: resource.join(':') };
}

/** The partition's DNS suffix, such as `amazonaws.com`. */
export function dnsSuffix(partition: string): string {
  return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
}
