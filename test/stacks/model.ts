import { parseAccounts } from '../../organization/accountsFile';
import { parseConfig } from '../../organization/config';
import type { OrganizationModel } from '../../stacks/model';
import { modelOf } from '../../stacks/readModel';

const base = `
managementAccount: "100000000001"
securityAccount: "100000000002"
homeRegion: HOME
regions: [HOME, eu-west-1, af-south-1]
notifier: { minimumSeverity: 4, routes: [ROUTES] }
guardduty: { plans: { S3_DATA_EVENTS: ENABLED }, GUARDDUTY }
`;

/** A model from a small configuration; `more` is YAML that goes below it, `guardduty` goes into that section. */
export function model(more = '', accounts = 3, routes = '', guardduty = ''): OrganizationModel {
  const rows = Array.from({ length: accounts }, (_, index) => {
    const id = String(100_000_000_001 + index);
    return `${id},aws+${id}@example.com`;
  });
  const filled = base
    .replaceAll('HOME', 'us-east-1')
    .replace('ROUTES', routes)
    .replace(', GUARDDUTY', guardduty ? `, ${guardduty}` : '');
  const config = parseConfig(`${filled}${more}`);
  return modelOf(config, parseAccounts(`accountId,email\n${rows.join('\n')}\n`));
}
