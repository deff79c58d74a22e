/** Reads an SSM SecureString. The client loads with the first one. */
export async function fetchParameter(name: string, region?: string): Promise<string> {
  const { SSMClient, GetParameterCommand } = require('@aws-sdk/client-ssm') as typeof import('@aws-sdk/client-ssm');
  const { Parameter } = await new SSMClient({ region }).send(
    new GetParameterCommand({ Name: name, WithDecryption: true }),
  );
  return Parameter?.Value ?? '';
}
