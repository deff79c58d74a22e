import type { ChangePasswordRequest, CreateLoginProfileRequest } from '@aws-sdk/client-iam';
import { ServiceError } from '../core/errors';
import type { CallContext, Handler } from '../core/service';
import { isStranger } from '../core/strangers';
import { type IamState, noSuchEntity, type User } from './state';
import { callingUser } from './users';
import { alreadyExists } from './validate';

function checkPassword(state: IamState, context: CallContext, password: string | undefined): void {
  const least = Number(state.account(context.accountId).passwordPolicy?.MinimumPasswordLength ?? 8);
  if ((password ?? '').length < least && !isStranger(context)) {
    const message = `Password should have a minimum length of ${least}`;
    throw new ServiceError('PasswordPolicyViolation', message, 400);
  }
}

/** Passwords of users. */
export function loginOperations(state: IamState): Record<string, Handler> {
  const profileOf = (user: User) => {
    if (!user.loginProfile) {
      throw noSuchEntity(`Login Profile for User ${user.name} cannot be found.`);
    }
    return {
      UserName: user.name,
      CreateDate: user.loginProfile.createdAt,
      PasswordResetRequired: user.loginProfile.resetRequired,
    };
  };
  return {
    CreateLoginProfile: (input: CreateLoginProfileRequest, context) => {
      const user = callingUser(state.account(context.accountId), input.UserName, context);
      if (user.loginProfile) {
        throw alreadyExists(`Login Profile for user ${user.name} already exists.`);
      }
      checkPassword(state, context, input.Password);
      user.loginProfile = { createdAt: context.world.now(), resetRequired: input.PasswordResetRequired ?? false };
      return { LoginProfile: profileOf(user) };
    },
    GetLoginProfile: (input: CreateLoginProfileRequest, context) => ({
      LoginProfile: profileOf(callingUser(state.account(context.accountId), input.UserName, context)),
    }),
    UpdateLoginProfile: (input: CreateLoginProfileRequest, context) => {
      const user = callingUser(state.account(context.accountId), input.UserName, context);
      profileOf(user);
      if (input.Password !== undefined) {
        checkPassword(state, context, input.Password);
      }
      if (user.loginProfile) {
        user.loginProfile.resetRequired = input.PasswordResetRequired ?? user.loginProfile.resetRequired;
      }
      return {};
    },
    DeleteLoginProfile: (input: CreateLoginProfileRequest, context) => {
      const user = callingUser(state.account(context.accountId), input.UserName, context);
      profileOf(user);
      user.loginProfile = undefined;
      return {};
    },
    ChangePassword: (input: ChangePasswordRequest, context) => {
      const user = callingUser(state.account(context.accountId), undefined, context);
      profileOf(user);
      checkPassword(state, context, input.NewPassword);
      return {};
    },
  };
}
