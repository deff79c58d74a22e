/** A token bucket: calls a second in the long run, and how many at once. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

const standard: Rate = { perSecond: 10, burst: 10 };

/**
 * Published request quotas per account and region: GuardDuty, Organizations, CloudFormation, EC2 and STS from their
 * «Quotas» pages and Service Quotas (2026). Keys are `service:Operation` or `service:*`.
 */
export const publishedRates: Readonly<Record<string, Rate>> = {
  'sts:*': { perSecond: 600, burst: 600 },
  'iam:*': { perSecond: 15, burst: 20 },
  'organizations:*': { perSecond: 12, burst: 20 },
  'organizations:ListAccounts': { perSecond: 8, burst: 12 },
  'organizations:DescribeAccount': { perSecond: 20, burst: 30 },
  'organizations:CreateAccount': { perSecond: 1, burst: 5 },
  'organizations:ListDelegatedAdministrators': { perSecond: 5, burst: 8 },
  'guardduty:*': { perSecond: 5, burst: 10 },
  'guardduty:GetFindings': { perSecond: 5, burst: 10 },
  'cloudformation:*': { perSecond: 10, burst: 15 },
  'cloudformation:DescribeStacks': { perSecond: 10, burst: 20 },
  'cloudformation:CreateStackInstances': { perSecond: 1, burst: 5 },
  'events:PutEvents': { perSecond: 10_000, burst: 10_000 },
  'events:*': { perSecond: 50, burst: 50 },
  'ec2:*': { perSecond: 20, burst: 100 },
  'ec2:RunInstances': { perSecond: 2, burst: 5 },
  'ec2:TerminateInstances': { perSecond: 5, burst: 100 },
  'cloudtrail:*': { perSecond: 1, burst: 10 },
  'cloudtrail:LookupEvents': { perSecond: 2, burst: 2 },
  'sqs:*': { perSecond: 3000, burst: 3000 },
  's3:*': { perSecond: 3500, burst: 3500 },
  'dynamodb:*': { perSecond: 40_000, burst: 40_000 },
  'kms:*': { perSecond: 10_000, burst: 10_000 },
  'lambda:Invoke': { perSecond: 10_000, burst: 10_000 },
  'lambda:*': { perSecond: 15, burst: 15 },
  'ssm:GetParameter': { perSecond: 40, burst: 40 },
  'ssm:*': { perSecond: 20, burst: 20 },
  'logs:PutLogEvents': { perSecond: 5000, burst: 5000 },
};

/** Throttles per account, region and operation. */
export class Limits {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  constructor(
    private readonly now: () => number,
    private readonly rates: Readonly<Record<string, Rate>> = publishedRates,
  ) {}

  /** Takes a token; `false` when the caller has to slow down. */
  admit(service: string, operation: string, account: string, region: string): boolean {
    const rate = this.rates[`${service}:${operation}`] ?? this.rates[`${service}:*`] ?? standard;
    const key = `${service}:${operation}/${account}/${region}`;
    const now = this.now();
    const bucket = this.buckets.get(key) ?? { tokens: rate.burst, at: now };
    bucket.tokens = Math.min(rate.burst, bucket.tokens + ((now - bucket.at) / 1000) * rate.perSecond);
    bucket.at = now;
    this.buckets.set(key, bucket);
    if (bucket.tokens < 1) {
      return false;
    }
    bucket.tokens -= 1;
    return true;
  }
}
