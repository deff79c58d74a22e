import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Entry } from '../../attestation/record/chain';
import { dynamodbRecord } from '../../attestation/record/dynamodbTable';
import { RecordDamaged, type RecordTable, RecordUnavailable } from '../../attestation/record/table';
import { roleArn, roleNames } from '../../organization/config';
import { GarrisonError } from '../../organization/errors';
import { explain } from '../../organization/failures';
import { AccountSessions, callerSession, type Session } from '../../organization/sessions';
import { resourceNames } from '../../stacks/model';
import type { CommonOptions } from '../options';
import { requireAccount } from '../rollout/context';
import { type Files, loadFiles } from '../rollout/files';

/** The record as the operator reads it. */
export interface OpenRecord {
  readonly files: Files;
  readonly operator: Session;
  /** Whose credentials these are, before they became the operator's. */
  readonly caller: Session;
  readonly table: RecordTable;
}

/**
 * Becomes the operator in the security account, as `plan` and `apply` do.
 *
 * @throws GarrisonError when the credentials are of another account, or the operator cannot be assumed
 */
export async function openRecord(options: CommonOptions): Promise<OpenRecord> {
  const files = loadFiles(options);
  const { config } = files;
  const caller = await callerSession(config.homeRegion);
  requireAccount(caller, config.securityAccount, 'security');
  const name = roleNames(config.roles).operator;
  const arnIn = (accountId: string) => roleArn({ partition: config.partition, accountId, name }, config.roles);
  const operator = new AccountSessions(caller, arnIn).of(caller.accountId);
  await operator.ready();
  const client = operator.client(DynamoDBClient, config.homeRegion);
  return { files, operator, caller, table: dynamodbRecord(resourceNames.recordTable, { client }) };
}

/** Runs what reads the record; what AWS says of it becomes what a person can do. */
export async function reading<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof RecordDamaged) {
      const remedy = 'garrison attest verify names every entry that was tampered with.';
      throw new GarrisonError('attest.damaged', error.message, remedy, {}, { cause: error });
    }
    if (!(error instanceof RecordUnavailable)) {
      throw error;
    }
    if (error.reason === 'ResourceNotFoundException') {
      const remedy = 'Set attestation.enabled in garrison.yaml, then run garrison bootstrap and garrison apply.';
      throw new GarrisonError(
        'attest.record',
        'There is no record of the use of privileges',
        remedy,
        {},
        { cause: error },
      );
    }
    throw explain(error.cause ?? error, {}, {});
  }
}

/** All entries, in their order. */
export async function allEntries(table: RecordTable): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of table.from(1)) {
    entries.push(entry);
  }
  return entries;
}
