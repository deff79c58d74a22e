import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { Responding, memberId } from './responding';

let garrison: Responding;

beforeAll(async () => {
  garrison = await Responding.start(`detections: {enabled: [security-group-open-to-world]}
responders:
  enabled: [opened-security-group]
  enforce:
    - {responders: [opened-security-group], strategy: revoke, tags: {guard: revoke}}
`);
});

afterAll(() => garrison?.close());

test('an opened group is closed again', async () => {
  const ec2 = garrison.member(EC2Client);
  const { GroupId = '' } = await ec2.send(
    new CreateSecurityGroupCommand({
      GroupName: 'web',
      Description: 'web',
      TagSpecifications: [{ ResourceType: 'security-group', Tags: [{ Key: 'guard', Value: 'revoke' }] }],
    }),
  );
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [
        { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }, { CidrIp: '198.51.100.0/24' }] },
        { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
      ],
    }),
  );
  const response = await garrison.response(GroupId, 'acted');
  const { SecurityGroupRules = [] } = await ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [GroupId] }] }),
  );
  console.log(JSON.stringify(response, null, 1), JSON.stringify(SecurityGroupRules));
  const post = await garrison.post(response.id, /./);
  console.log(JSON.stringify(post, null, 1));
  console.log(JSON.stringify(await garrison.posts()).slice(0, 3000));
  expect(response.accountId).toBe(memberId);
});
