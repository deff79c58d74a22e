import { trailError } from './errors';

function invalid(message: string): Error {
  return trailError('InvalidTrailNameException', message);
}

/** @throws ServiceError `InvalidTrailNameException` */
export function checkName(name: string): void {
  const { length } = name;
  if (length < 3) {
    const message = `Trail name too short. Minimum allowed length: 3 characters. Specified name length: ${length} characters.`;
    throw invalid(message);
  }
  if (length > 128) {
    const message = `Trail name too long. Maximum allowed length: 128 characters. Specified name length: ${length} characters.`;
    throw invalid(message);
  }
  if (!/^[a-zA-Z0-9]/.test(name)) {
    throw invalid('Trail name must starts with a letter or number.');
  }
  if (!/[a-zA-Z0-9]$/.test(name)) {
    throw invalid('Trail name must ends with a letter or number.');
  }
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) {
    throw invalid(
      'Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), and underscores (_).',
    );
  }
  if (/[._-]{2}/.test(name)) {
    throw invalid('Trail name cannot have adjacent periods (.), hyphens (-) or underscores (_).');
  }
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) {
    throw invalid('Trail name must not be in IP address format.');
  }
}
