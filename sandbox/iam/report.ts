import { ServiceError } from '../core/errors';
import type { CallContext, Handler } from '../core/service';
import type { IamState, KeyOwner, User } from './state';

const columns =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated';

function time(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, '+00:00');
}

/** Both keys of somebody: whether they are active, since when they are, when and where they were last used. */
function keyFields({ accessKeys }: KeyOwner): string[] {
  const keys = [...accessKeys.values()];
  return [0, 1].flatMap((index) => {
    const key = keys[index];
    const used = key?.lastUsed;
    const last = used ? [time(used.at), used.region, used.service] : ['N/A', 'N/A', 'N/A'];
    return key ? [String(key.status === 'Active'), time(key.createdAt), ...last] : ['false', 'N/A', ...last];
  });
}

/** Both signing certificates of a user: whether they are active, and since when they are. */
function certificateFields({ certificates }: User): string[] {
  const all = [...certificates.values()];
  return [0, 1].flatMap((index) => {
    const one = all[index];
    return one ? [String(one.status === 'Active'), time(one.uploadedAt)] : ['false', 'N/A'];
  });
}

function row(state: IamState, accountId: string, user: User): string {
  const login = user.loginProfile;
  const password = login ? ['true', 'no_information', time(login.createdAt), 'N/A'] : ['false', 'N/A', 'N/A', 'N/A'];
  const fields = [user.name, state.entityArn(accountId, user), time(user.createdAt), ...password];
  const keys = [...keyFields(user), ...certificateFields(user)];
  return [...fields, String(user.mfaDevices.size > 0), ...keys].join(',');
}

function rootRow(state: IamState, context: CallContext): string {
  const arn = `arn:${state.partition}:iam::${context.accountId}:root`;
  const password = ['not_supported', 'no_information', 'not_supported', 'not_supported', 'true'];
  return [
    '<root_account>',
    arn,
    '2015-01-01T00:00:00+00:00',
    ...password,
    ...keyFields(state.account(context.accountId).root),
    'false',
    'N/A',
    'false',
    'N/A',
  ].join(',');
}

/** The credential report: made on demand, then as it was when made. */
export function reportOperations(state: IamState): Record<string, Handler> {
  const reports = new Map<string, { content: string; at: Date }>();
  return {
    GenerateCredentialReport: (_input, context) => {
      const first = !reports.has(context.accountId);
      const users = [...state.account(context.accountId).users.values()];
      const rows = users.map((user) => row(state, context.accountId, user));
      const content = [columns, rootRow(state, context), ...rows].join('\n');
      reports.set(context.accountId, { content, at: context.world.now() });
      return first
        ? { State: 'STARTED', Description: 'No report exists. Starting a new report generation task' }
        : { State: 'COMPLETE' };
    },
    GetCredentialReport: (_input, context) => {
      const report = reports.get(context.accountId);
      if (!report) {
        throw new ServiceError(
          'ReportNotPresent',
          'The request was rejected because the credential report does not exist.',
          410,
        );
      }
      return { Content: Buffer.from(report.content), ReportFormat: 'text/csv', GeneratedTime: report.at };
    },
  };
}
