import { defineGuardrail } from '../guardrail';
import { deny, denyAllBut } from '../statement';

export const rootUser = defineGuardrail<'allowed'>({
  id: 'root-user',
  title: 'The root user of member accounts does nothing',
  prevents: 'Whoever gets hold of a member account’s root user can do nothing with it.',
  makesUnnecessary: { detections: ['root-activity'], responders: ['exposed-access-key'] },
  parameters: {
    allowed: {
      meaning: 'actions that the root user may still take',
      default: [],
      pattern: /^[a-z0-9-]+:[A-Za-z0-9*?]+$/,
      wanted: 'an action, such as s3:DeleteBucketPolicy',
    },
  },
  statements: ({ allowed }, { partition }) => {
    const conditions = {
      ArnLike: { 'aws:PrincipalArn': [`arn:${partition}:iam::*:root`] },
      // Sessions of centralized root access (sts:AssumeRoot) carry this key, and only they.
      Null: { 'aws:AssumedRoot': ['true'] },
    };
    return allowed.length > 0
      ? [denyAllBut('RootUser', allowed, conditions)]
      : [deny('RootUser', ['*'], { conditions })];
  },
  exceptions: [
    'Privileged root sessions from the management account (centralized root access, aws:AssumedRoot) still unlock bucket and queue policies.',
    'The management account’s root user is not held: service control policies do not hold there.',
  ],
  gaps: [
    'Signing in with the console is not an action of IAM: the detection root-sign-in stays of use, and so does removing root credentials.',
    'A few tasks only the root user can do (closing the account, changing its e-mail, some support plans): see allowed, or use the management account.',
  ],
  notAsBoundary: 'a root user has no permissions boundary',
});
