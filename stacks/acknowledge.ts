import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Marks rules of cdk-nag as looked at: they do not hold here, and `reason` says why that is right. */
export function acknowledge(construct: IConstruct, reason: string, ids: readonly string[]): void {
  for (const id of ids) {
    Validations.of(construct).acknowledge({ id, reason });
  }
}
