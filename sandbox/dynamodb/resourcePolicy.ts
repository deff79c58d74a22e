import { randomInt } from 'node:crypto';
import type {
  DeleteResourcePolicyCommandInput,
  GetResourcePolicyCommandInput,
  PutResourcePolicyCommandInput,
} from '@aws-sdk/client-dynamodb';
import { ServiceError } from '../core/errors';
import type { CallContext, Handler } from '../core/service';
import type { Table, Tables } from './table';
import { invalid } from './values';

/** Characters without white space. Source: DynamoDB guide, "Resource-based policy considerations". */
const longestPolicy = 20 * 1024;
const firstRevision = 1_700_000_000_000;

function nextRevision(): string {
  return String(firstRevision + randomInt(1_000_000_000));
}

/** Tables only: no streams here, and indexes take no policy of their own. */
function tableOf(tables: Tables, arn: string | undefined, context: CallContext): Table {
  const table = tables.find(arn, context);
  if (table === undefined) {
    throw new ServiceError(
      'ResourceNotFoundException',
      `Requested resource not found: ResourcArn: ${arn} not found`,
      400,
    );
  }
  return table;
}

function checkRevision(table: Table, expected: string | undefined): void {
  const current = table.policy === undefined ? 'NO_POLICY' : table.policyRevision;
  if (expected !== undefined && expected !== current) {
    throw new ServiceError(
      'PolicyNotFoundException',
      'Resource-based policy not found for the provided RevisionId.',
      400,
    );
  }
}

function checkPolicy(text: string | undefined): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text ?? '');
  } catch {
    throw invalid('Invalid policy document: The policy is not in the valid JSON format.');
  }
  if (JSON.stringify(parsed).length > longestPolicy) {
    throw new ServiceError('LimitExceededException', 'The policy is larger than 20 KB.', 400);
  }
  return text as string;
}

/** `PutResourcePolicy`, `GetResourcePolicy`, `DeleteResourcePolicy`. */
export function resourcePolicyOperations(tables: Tables): Record<string, Handler> {
  return {
    PutResourcePolicy: (input: PutResourcePolicyCommandInput, context) => {
      const table = tableOf(tables, input.ResourceArn, context);
      checkRevision(table, input.ExpectedRevisionId);
      const policy = checkPolicy(input.Policy);
      if (policy !== table.policy) {
        table.policy = policy;
        table.policyRevision = nextRevision();
      }
      return { RevisionId: table.policyRevision };
    },
    GetResourcePolicy: (input: GetResourcePolicyCommandInput, context) => {
      const table = tableOf(tables, input.ResourceArn, context);
      if (table.policy === undefined) {
        const message = `Resource-based policy not found for the provided ResourceArn: ${input.ResourceArn}`;
        throw new ServiceError('PolicyNotFoundException', message, 400);
      }
      return { Policy: table.policy, RevisionId: table.policyRevision };
    },
    DeleteResourcePolicy: (input: DeleteResourcePolicyCommandInput, context) => {
      const table = tableOf(tables, input.ResourceArn, context);
      checkRevision(table, input.ExpectedRevisionId);
      const revision = table.policy === undefined ? undefined : table.policyRevision;
      table.policy = undefined;
      return { RevisionId: revision };
    },
  };
}
