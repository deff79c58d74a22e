interface Remedy {
  readonly when: RegExp;
  readonly remedy: string;
}

/** What to do about the reasons that CloudFormation and the services below it give, most telling first. */
const remedies: readonly Remedy[] = [
  {
    when: /should have '.*' role with trust relationship|AssumeRole.*not authorized|not authorized to perform: sts:AssumeRole/i,
    remedy: 'The execution role is missing or trusts another role: run `garrison bootstrap` as the management account.',
  },
  {
    when: /UPDATE_ROLLBACK_FAILED/,
    remedy:
      'Its last update could not be undone. Continue the rollback of that stack in that account (`aws cloudformation continue-update-rollback`), then run the command again.',
  },
  {
    when: /wait 60 seconds after deleting a queue/i,
    remedy: 'Amazon SQS keeps the name of a deleted queue for a minute: run the command again then.',
  },
  {
    when: /StackSet is not empty/i,
    remedy:
      'Its instances still stand: `garrison remove` takes them out first. `cdk destroy` alone cannot, as the instances are not part of the stack.',
  },
  {
    when: /cannot delete detector while it has invited or associated members/i,
    remedy:
      'Members that are not in accounts.csv hold it: give them a row there, or disassociate them; then run the command again. Or keep the detectors: --keep-guardduty.',
  },
  {
    when: /service control policy/i,
    remedy: 'A service control policy forbids it: exempt the roles of Garrison there, or leave the account out.',
  },
  {
    when: /permissions boundary/i,
    remedy: 'The permissions boundary in `roles.permissionsBoundary` forbids it: widen the boundary.',
  },
  {
    when: /not authorized to perform|AccessDenied|Access denied/i,
    remedy: 'The role lacks this permission: run `garrison bootstrap` again, so that it gets its current policy.',
  },
  {
    when: /detector already exists/i,
    remedy: 'Someone enabled GuardDuty there meanwhile: run the command again, it adopts the detector.',
  },
  {
    when: /not (enabled|opted|subscribed)|OptInRequired|region is disabled|is not valid in this region/i,
    remedy: 'Enable the region in that account, or leave it out of `regions`.',
  },
  { when: /suspended|closed/i, remedy: 'The account is suspended or closed: take it out of accounts.csv.' },
  {
    when: /rate exceeded|throttl|too many requests/i,
    remedy: 'AWS throttled the calls: run the command again, with a lower `operations.concurrency` if it persists.',
  },
  {
    when: /quota|limit exceeded|LimitExceeded/i,
    remedy: 'Ask AWS to raise the quota in that account, then run again.',
  },
  {
    when: /already exists/i,
    remedy:
      'Something of that name is there: a stack that was let go of (StackSet-garrison-…), or made by other means. Delete it, then run the command again.',
  },
];

/** What a person can do about a reason, if we know it. */
export function remedyFor(reason: string): string | undefined {
  return remedies.find(({ when }) => when.test(reason))?.remedy;
}
