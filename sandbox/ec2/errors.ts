import { ServiceError } from '../core/errors';

/** An error in EC2's own words. Codes: EC2 API Reference, «Error codes for the Amazon EC2 API». */
export function ec2Error(code: string, message: string, status = 400): ServiceError {
  return new ServiceError(code, message, status);
}

export function invalidValue(value: unknown, parameter: string, why = ''): ServiceError {
  const reason = why === '' ? '' : ` ${why}`;
  return ec2Error('InvalidParameterValue', `Value (${String(value)}) for parameter ${parameter} is invalid.${reason}`);
}

export function missingParameter(name: string): ServiceError {
  return ec2Error('MissingParameter', `The request must contain the parameter ${name}`);
}

/** The request was allowed; with `DryRun` that is all that it asks. */
export function dryRunOperation(): ServiceError {
  return ec2Error('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
}

export function dependencyViolation(message: string): ServiceError {
  return ec2Error('DependencyViolation', message);
}
