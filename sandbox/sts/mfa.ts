import { ServiceError } from '../core/errors';
import type { CallContext } from '../core/service';

interface SecondFactor {
  readonly SerialNumber?: string;
  readonly TokenCode?: string;
}

/**
 * When the request proved a second factor: it names a device of the user's own, with a code.
 * Devices here keep no secret, so any code of six digits is right.
 *
 * @returns undefined when the request has no code
 * @throws ServiceError `AccessDenied`
 */
export function mfaMoment(input: SecondFactor, context: CallContext): Date | undefined {
  if (input.SerialNumber === undefined && input.TokenCode === undefined) {
    return undefined;
  }
  if (input.SerialNumber === undefined || input.TokenCode === undefined) {
    throw new ServiceError(
      'AccessDenied',
      'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.',
      403,
    );
  }
  if (!context.world.identity.current?.hasMfaDevice(context.caller, input.SerialNumber)) {
    const message =
      'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.';
    throw new ServiceError('AccessDenied', message, 403);
  }
  return context.world.now();
}

/** What trust policies see of the second factor. */
export function mfaConditions(input: SecondFactor, context: CallContext): Record<string, string> {
  return mfaMoment(input, context) ? { 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': '0' } : {};
}
