import { createHash } from 'node:crypto';
import { basename, dirname, resolve } from 'node:path';
import type { Config } from '../organization/config';
import { readTextFile } from '../organization/files';
import { domainOf } from '../organization/partitions';
import type { DesiredDestination, DesiredList, DesiredSettings, ListKind } from './settings';

/**
 * Filters, lists and destinations as they are to be, with the lists' files read.
 *
 * @param configFile path of `garrison.yaml`, beside which the lists lie
 * @param findingsKeyArn of the key that Garrison made for findings, once its stack stands; its alias stands for it until then
 * @throws GarrisonError when a list cannot be read
 */
export function desiredSettings(config: Config, configFile: string, findingsKeyArn?: string): DesiredSettings {
  const { filters, trustedIpLists, threatLists, publishingDestinations } = config.guardduty;
  const read = (kind: ListKind, lists: readonly ListSection[]) =>
    lists.map((list) => desiredList(kind, list, config, dirname(resolve(configFile))));
  const lists = {
    ...(trustedIpLists ? { trusted: read('trusted', trustedIpLists) } : {}),
    ...(threatLists ? { threat: read('threat', threatLists) } : {}),
  };
  return {
    ...(filters ? { filters } : {}),
    ...(trustedIpLists || threatLists ? { lists } : {}),
    ...(publishingDestinations
      ? { destinations: publishingDestinations.map((section) => desiredDestination(section, config, findingsKeyArn)) }
      : {}),
  };
}

type DestinationSection = NonNullable<Config['guardduty']['publishingDestinations']>[number];

/** The configuration's checks see to it that a bucket comes with its key. */
function desiredDestination(
  { create, bucketArn = '', kmsKeyArn = '', regions }: DestinationSection,
  { partition, homeRegion, securityAccount }: Config,
  findingsKeyArn = `arn:${partition}:kms:${homeRegion}:${securityAccount}:alias/garrison-findings`,
): DesiredDestination {
  const bucket = `garrison-findings-${securityAccount}-${homeRegion}`;
  return {
    ...(create
      ? { bucketArn: `arn:${partition}:s3:::${bucket}`, kmsKeyArn: findingsKeyArn }
      : { bucketArn, kmsKeyArn }),
    ...(regions ? { regions } : {}),
  };
}

type ListSection = NonNullable<Config['guardduty']['threatLists']>[number];

function desiredList(kind: ListKind, list: ListSection, config: Config, folder: string): DesiredList {
  const file = resolve(folder, list.file);
  const text = readTextFile(
    file,
    `the list "${list.name}" (guardduty.${kind === 'trusted' ? 'trustedIpLists' : 'threatLists'})`,
  );
  const bucket = `garrison-assets-${config.securityAccount}-${config.homeRegion}`;
  const key = listKey(text, file);
  return {
    kind,
    name: list.name,
    format: list.format,
    location: `https://s3.${config.homeRegion}.${domainOf(config.partition)}/${bucket}/${key}`,
    object: { bucket, key, region: config.homeRegion, file },
    ...(list.regions ? { regions: list.regions } : {}),
  };
}

/** Where a list's content lies: content that changes gets another key. */
export function listKey(text: string, file: string): string {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 32);
  return `lists/${hash}/${basename(file).replaceAll(/[^A-Za-z0-9._-]/g, '_')}`;
}
