import type { Alert, Fact, Ignored } from '../alert';
import { tacticsOf } from '../attack';
import { digest } from '../hash';
import { bandOf } from '../severity';
import { parseFindingType } from './findingType';
import { readAction, readRemote } from './guarddutyAction';
import { facts, readActor, readResources } from './guarddutyResources';
import { at, list, number, text, time } from './read';

/**
 * A GuardDuty finding (EventBridge's `detail`, camelCase) as an alert. The account is the finding's own: the
 * administrator's bus carries the findings of members too.
 */
export function readFinding(detail: unknown): Alert | Ignored {
  const [type, id, severity] = [text(detail, 'type'), text(detail, 'id'), number(detail, 'severity')];
  if (type === undefined || id === undefined || severity === undefined) {
    return { ignored: 'notAFinding' };
  }
  const service = at(detail, 'service');
  const sample = isSample(detail);
  // GuardDuty's own samples are born archived.
  if (at(service, 'archived') === true && !sample) {
    return { ignored: 'archived' };
  }
  const findingType = parseFindingType(type);
  const [accountId, region] = [text(detail, 'accountId') ?? '', text(detail, 'region') ?? ''];
  const lastSeen = time(service, 'eventLastSeen') ?? time(detail, 'updatedAt');
  const count = number(service, 'count');
  return {
    id: digest([
      'guardduty',
      accountId,
      region,
      id,
      type,
      String(severity),
      String(count),
      text(detail, 'updatedAt') ?? '',
    ]),
    source: 'guardduty',
    type,
    findingType,
    title: text(detail, 'title') ?? type,
    description: text(detail, 'description'),
    severity,
    band: bandOf(severity),
    sample,
    accountId,
    region,
    partition: text(detail, 'partition'),
    resources: readResources(at(detail, 'resource')),
    actor: readActor(at(detail, 'resource')),
    remote: readRemote(service),
    action: readAction(service),
    count,
    firstSeen: time(service, 'eventFirstSeen') ?? time(detail, 'createdAt'),
    lastSeen,
    attack: tacticsOf(findingType?.purpose),
    signals: [],
    facts: readFacts(service),
    finding: { id, detectorId: text(service, 'detectorId') },
  };
}

function isSample(detail: unknown): boolean {
  const information = at(detail, 'service', 'additionalInfo');
  return (
    at(information, 'sample') === true ||
    at(information, 'sample') === 'true' ||
    /"sample"\s*:\s*true/.test(text(information, 'value') ?? '') ||
    (text(detail, 'title') ?? '').startsWith('[SAMPLE]')
  );
}

function readFacts(service: unknown): readonly Fact[] {
  const process = at(service, 'runtimeDetails', 'process');
  const threats = [
    ...list(service, 'ebsVolumeScanDetails', 'scanDetections', 'threatDetectedByName', 'threatNames'),
    ...list(service, 'malwareScanDetails', 'threats'),
  ];
  const listed = list(service, 'evidence', 'threatIntelligenceDetails').map((entry) => text(entry, 'threatListName'));
  return facts(
    ['process', text(process, 'executablePath') ?? text(process, 'name')],
    [
      'malware',
      threats
        .map((threat) => text(threat, 'name'))
        .filter(Boolean)
        .join(', ') || undefined,
    ],
    ['file', text(threats[0], 'filePaths', 0, 'filePath') ?? text(threats[0], 'itemPaths', 0, 'nestedItemPath')],
    ['threatList', listed.find(Boolean) ?? text(service, 'additionalInfo', 'threatListName')],
    ['userAgent', text(service, 'action', 'awsApiCallAction', 'userAgent')],
  );
}
