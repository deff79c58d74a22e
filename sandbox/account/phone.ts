import type { PhoneNumberVerificationStatus, VerifyPhoneNumberRequest } from '@aws-sdk/client-account';
import type { Handler } from '../core/service';
import { conflict, denied, invalidField } from './errors';
import type { AccountState } from './state';

/** One-time passcodes for the phone number of the primary contact. No message is sent, so any well-formed code is right. */
export function phoneOperations(state: AccountState): Record<string, Handler> {
  const answer = (Status: PhoneNumberVerificationStatus) => ({ Status });
  return {
    SendPhoneNumberVerification: (input: { AccountId?: string }, context) => {
      const record = state.record(state.target(input.AccountId, context, 'SendPhoneNumberVerification').id);
      if (record.phone === 'VERIFIED') {
        throw conflict('The phone number is already verified.');
      }
      record.phone = 'PENDING';
      return answer(record.phone);
    },
    VerifyPhoneNumber: (input: VerifyPhoneNumberRequest, context) => {
      const record = state.record(state.target(input.AccountId, context, 'VerifyPhoneNumber').id);
      if (!/^[a-zA-Z0-9]{6}$/.test(input.Otp ?? '')) {
        throw invalidField('Otp', 'The one-time passcode is invalid.');
      }
      if (record.phone !== 'PENDING') {
        throw denied(context, 'VerifyPhoneNumber', 'No one-time passcode was sent.');
      }
      record.phone = 'VERIFIED';
      return answer(record.phone);
    },
  };
}
