import type { Alert } from '../alert';
import type { ConsoleAccess, NotifierSettings } from '../settings';
import { webAddress } from './escape';

/** Where console and sign-in of a partition are: `console.…` and `signin.…`. */
const domains: Readonly<Record<string, string>> = {
  aws: 'aws.amazon.com',
  'aws-cn': 'amazonaws.cn',
  'aws-us-gov': 'amazonaws-us-gov.com',
};

/** The console's page for the alert, in the account at fault and the right region, by the configured way in. */
export function consoleLink(alert: Alert, settings: NotifierSettings): string | undefined {
  const page = consolePage(alert, settings);
  return page === undefined ? undefined : webAddress(throughAccess(page, alert.accountId, settings));
}

/** The page that shows the raw JSON; for findings in the security account, which sees those of all members. */
export function jsonLink(alert: Alert, settings: NotifierSettings): string | undefined {
  const page = consolePage(alert, settings);
  const account = alert.finding === undefined ? alert.accountId : settings.securityAccountId;
  return page === undefined ? undefined : webAddress(throughAccess(page, account, settings));
}

/** Where alerts like this one are silenced: the configuration's address, with what to silence behind `#`. */
export function silenceLink(alert: Alert, settings: NotifierSettings): string | undefined {
  if (settings.configurationUrl !== undefined) {
    const match = `type=${encodeURIComponent(alert.type)}&account=${encodeURIComponent(alert.accountId)}`;
    return webAddress(`${settings.configurationUrl.split('#')[0]}#silence?${match}`);
  }
  const console = consoleHome(alert, settings, 'guardduty');
  return alert.finding === undefined || console === undefined
    ? undefined
    : webAddress(
        throughAccess(
          `${console}#/findings?macros=current&search=${encodeURIComponent(`type=${alert.type}`)}`,
          settings.securityAccountId,
          settings,
        ),
      );
}

function consolePage(alert: Alert, settings: NotifierSettings): string | undefined {
  if (alert.finding !== undefined) {
    const home = consoleHome(alert, settings, 'guardduty');
    const id = encodeURIComponent(alert.finding.id);
    return home && `${home}#/findings?macros=current&search=id%3D${id}&fId=${id}`;
  }
  const home = consoleHome(alert, settings, 'cloudtrailv2');
  if (home === undefined || alert.source === 'other') {
    return undefined;
  }
  return alert.source === 'cloudtrail' && alert.eventId !== undefined
    ? `${home}#/events/${encodeURIComponent(alert.eventId)}`
    : `${home}#/events`;
}

function consoleHome(alert: Alert, settings: NotifierSettings, service: string): string | undefined {
  const domain = domainOf(alert.partition ?? '') ?? domainOf(settings.partition);
  return domain === undefined || !/^[a-z]{2}(-[a-z]+)+-\d{1,2}$/.test(alert.region)
    ? undefined
    : `https://${alert.region}.console.${domain}/${service}/home?region=${alert.region}`;
}

function domainOf(partition: string): string | undefined {
  return Object.hasOwn(domains, partition) ? domains[partition] : undefined;
}

function throughAccess(page: string, accountId: string, settings: NotifierSettings): string {
  const access: ConsoleAccess = /^\d{12}$/.test(accountId) ? settings.consoleAccess : { kind: 'none' };
  switch (access.kind) {
    case 'accessPortal': {
      const query = new URLSearchParams({ account_id: accountId, role_name: access.roleName, destination: page });
      return `${access.url.replace(/[/#]*$/, '')}/#/console?${query}`;
    }
    case 'switchRole': {
      const query = new URLSearchParams({ account: accountId, roleName: access.roleName, redirect_uri: page });
      return `https://signin.${domainOf(settings.partition) ?? domains.aws}/switchrole?${query}`;
    }
    case 'none':
      return page;
  }
}
