/** Which finding: GuardDuty's finding ids are unique within a detector, that is within account and region. */
export interface FindingReference {
  readonly accountId: string;
  readonly region: string;
  readonly findingId: string;
}

/** Attributes of the item under `findingRecordKey` in the alert table. */
export interface FindingRecord {
  readonly id: string;
  /** ISO 8601. */
  readonly announcedAt: string;
  /** `message`, `reply` (in the thread of an earlier one), `counted` (on an earlier one), `digest` or `silenced`. */
  readonly as: string;
  /** Name of the destination, and in Slack with a bot token the channel and the message's timestamp. */
  readonly destination?: string;
  readonly channel?: string;
  readonly ts?: string;
  /** Epoch seconds: DynamoDB's time to live. */
  readonly expiresAt: number;
}

/** The `id` under which the alert table records that a finding was announced: `garrison drill` looks there. */
export function findingRecordKey({ accountId, region, findingId }: FindingReference): string {
  return `finding#${accountId}#${region}#${findingId}`;
}
