import { all, calls, is, outside } from '../condition';
import { defineDetection } from '../detection';
import { example, signIn } from '../examples';

const signIns = [calls('signin.amazonaws.com', 'ConsoleLogin'), is('responseElements.ConsoleLogin', 'Success')];

export const signInOutsideNetworks = defineDetection({
  id: 'sign-in-outside-networks',
  title: 'Console sign-in from outside the allowed networks',
  severity: 'high',
  meaning: 'A sign-in from an address that belongs to none of the networks from which your people work.',
  runbook: [
    'Ask the person named where they are.',
    'If the sign-in was not theirs: end the session, change the password, and read what the session did.',
    'If it was: add the network to `networks`, or have them use the VPN.',
  ],
  references: { cis: [], attack: ['T1078.004'] },
  parameters: {
    networks: {
      meaning: 'allowed networks, IPv4 and IPv6 CIDR blocks; without any the detection is off',
      default: [] as readonly string[],
    },
  },
  needs: ({ networks }) => (networks.length === 0 ? 'networks' : undefined),
  outcome: 'success',
  regions: 'sign-in',
  requires: ['trail'],
  condition: ({ networks }) => all(...signIns, outside('sourceIPAddress', networks)),
  // Without the IPv6 networks every IPv6 address is outside; without any network left, every address.
  nearest: ({ networks }) => {
    const ofVersion4 = networks.filter((network) => !network.includes(':'));
    return all(...signIns, ...(ofVersion4.length > 0 ? [outside('sourceIPAddress', ofVersion4)] : []));
  },
  fields: ['additionalEventData.MFAUsed', 'userAgent'],
  deduplicationKey: ['recipientAccountId', 'userIdentity.arn', 'sourceIPAddress'],
  trial: { networks: ['198.51.100.0/24', '10.0.0.0/8'] },
  firing: [
    example('From elsewhere', signIn({ sourceIPAddress: '203.0.113.10' })),
    example('From elsewhere, over IPv6', signIn({ sourceIPAddress: '2001:db8:1234::10' })),
  ],
  quiet: [
    example('From the office', signIn({ sourceIPAddress: '198.51.100.77' })),
    example('A wrong password from elsewhere', signIn({ sourceIPAddress: '203.0.113.10' }, 'Failure')),
  ],
});
