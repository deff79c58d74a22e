import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { CreateSampleFindingsCommand, GuardDutyClient, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { parseAccounts } from '../../organization/accountsFile';
import { parseConfig } from '../../organization/config';
import { modelOf } from '../../stacks/readModel';
import { management, security, TestOrganization } from '../cloudformation/organization';
import { asAdministrator } from '../roles/plant';

const regions = ['us-east-1', 'eu-west-1'];

function model() {
  const config = parseConfig(`
managementAccount: "${management}"
securityAccount: "${security}"
homeRegion: us-east-1
regions: [${regions.join(', ')}]
notifier:
  minimumSeverity: Low
  digest: { threshold: 0 }
  routes:
    - when: { findingType: "CryptoCurrency:*" }
      silence: { reason: nobody wants it, until: 2099-12-31 }
`);
  const rows = [management, security].map((id) => `${id},aws+${id}@example.com`);
  return modelOf(config, parseAccounts(`accountId,email\n${rows.join('\n')}\n`));
}

test('what the routes silence never leaves its region, and what they want arrives from every region', async () => {
  const organization = await TestOrganization.start({ model: model() });
  try {
    await organization.bootstrap();
    await organization.securityStack();
    await organization.instances();
    const administrator = await asAdministrator(organization.sandbox, security);
    const { endpoint } = organization.sandbox;
    const Value = `${endpoint}/_slack/services/T0SECURE/B0ALERTS/hook`;
    await new SSMClient(administrator).send(
      new PutParameterCommand({ Name: '/garrison/slack/webhook', Type: 'SecureString', Value }),
    );
    for (const region of regions) {
      const client = new GuardDutyClient({ ...administrator, region });
      const [DetectorId] = (await client.send(new ListDetectorsCommand({}))).DetectorIds ?? [];
      const FindingTypes = ['CryptoCurrency:EC2/BitcoinTool.B!DNS', 'Recon:EC2/Portscan'];
      await client.send(new CreateSampleFindingsCommand({ DetectorId, FindingTypes }));
    }
    const table = new DynamoDBClient(administrator);
    // The notifier records every finding that reaches it, silenced ones too.
    const recorded = async () => {
      const { Items = [] } = await table.send(new ScanCommand({ TableName: 'garrison-alerts' }));
      return Items.filter(({ id }) => id?.S?.startsWith('finding#')).map(({ as }) => as?.S);
    };
    expect(await until(recorded, regions.length)).toEqual(['message', 'message']);
    const texts = await messages(endpoint);
    expect(regions.map((region) => texts.filter((text) => text.includes(region)).length)).toEqual([1, 1]);
    expect(texts.filter((text) => text.includes('Bitcoin'))).toEqual([]);
  } finally {
    await organization.close();
  }
});

async function until<Value>(look: () => Promise<readonly Value[]>, count: number): Promise<readonly Value[]> {
  for (let tries = 0; ; tries += 1) {
    const found = await look();
    if (found.length >= count || tries > 100) {
      return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function messages(endpoint: string): Promise<readonly string[]> {
  const found = (await (await fetch(`${endpoint}/_slack/messages`)).json()) as { payload: { text: string } }[];
  return found.map(({ payload }) => payload.text);
}
