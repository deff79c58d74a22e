import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type Config, roleArn, roleNames } from '../../organization/config';
import { GarrisonError } from '../../organization/errors';
import { explain } from '../../organization/failures';
import { AccountSessions, callerSession, type Session } from '../../organization/sessions';
import type { Answer, Asked } from '../../responders/ask';
import { resourceNames } from '../../stacks/model';
import { requireAccount } from '../rollout/context';

/** The operator, and who became it. */
export interface Operator {
  readonly session: Session;
  /** ARN of whoever runs the command. */
  readonly caller: string;
}

/**
 * Becomes the operator in the security account.
 *
 * @throws GarrisonError when the credentials are of another account, or the role cannot be assumed
 */
export async function openOperator(config: Config): Promise<Operator> {
  const caller = await callerSession(config.homeRegion);
  requireAccount(caller, config.securityAccount, 'security');
  const arn = (accountId: string) =>
    roleArn({ partition: config.partition, accountId, name: roleNames(config.roles).operator }, config.roles);
  const session = new AccountSessions(caller, arn).of(caller.accountId);
  await session.ready();
  return { session, caller: caller.arn };
}

/**
 * Asks the function `garrison-responder`, which alone may act in accounts.
 *
 * @throws GarrisonError `responders.off` when it does not stand, `responders.function` when it fails
 */
export async function askFunction<Wanted extends Answer>(
  asked: Asked,
  { session }: Operator,
  wanted: (answer: Answer) => answer is Wanted,
): Promise<Wanted> {
  const lambda = session.client(LambdaClient, session.homeRegion);
  let answer: Answer | undefined;
  try {
    const { Payload, FunctionError } = await lambda.send(
      new InvokeCommand({ FunctionName: resourceNames.responder, Payload: Buffer.from(JSON.stringify(asked)) }),
    );
    const text = Buffer.from(Payload ?? []).toString('utf8');
    if (FunctionError !== undefined) {
      throw failed(`failed: ${text.slice(0, 500)}`);
    }
    answer = JSON.parse(text) as Answer;
  } catch (error) {
    throw explained(error, session);
  }
  if (!wanted(answer)) {
    throw failed('refused' in answer ? `refused: ${answer.refused}` : 'gave another answer than was asked for');
  }
  return answer;
}

function failed(what: string): GarrisonError {
  return new GarrisonError('responders.function', `The function ${resourceNames.responder} ${what}`, 'See its log.');
}

function explained(error: unknown, session: Session): unknown {
  if (error instanceof GarrisonError) {
    return error;
  }
  const { name } = error as Error;
  return ['ResourceNotFoundException', 'AccessDeniedException'].includes(name)
    ? new GarrisonError(
        'responders.off',
        `The function ${resourceNames.responder} cannot be asked: ${name}`,
        'Set responders.enabled in garrison.yaml; then garrison bootstrap and garrison apply.',
        { accountId: session.accountId },
        { cause: error },
      )
    : explain(error, { accountId: session.accountId, operation: 'lambda:InvokeFunction' });
}
