import type { SecretReference } from '../settings';

/** Reads an SSM SecureString. The client loads with the first one. */
export async function fetchParameter(reference: SecretReference, region?: string): Promise<string> {
  const { SSMClient, GetParameterCommand } = require('@aws-sdk/client-ssm') as typeof import('@aws-sdk/client-ssm');
  const Name = reference.kind === 'parameter' ? reference.name : '';
  const { Parameter } = await new SSMClient({ region }).send(new GetParameterCommand({ Name, WithDecryption: true }));
  return Parameter?.Value ?? '';
}
