import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListTagsForResourceCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { NotifierSettings, SecretReference } from '../../notifier/settings';
import { GarrisonError } from '../../organization/errors';
import type { Host } from '../../organization/messages';
import type { Session } from '../../organization/sessions';
import { secretsOfDestination } from '../../stacks/notifierSecrets';
import { describeReference } from '../notifier/describeReference';

/**
 * Whether the destinations that alerts go to have their secrets: without one nothing would be announced, however long
 * one waits. Only whether they are there is asked, as the caller: the operator's role knows nothing of secrets. Where
 * the caller may not ask either, the drill itself has to tell.
 *
 * @throws GarrisonError `drill.secret` when no destination has what it needs; where one of several lacks it, that is said
 */
export async function requireSecrets(settings: NotifierSettings, caller: Session, host: Host): Promise<void> {
  const names = destinationsInUse(settings);
  const missing = new Map<string, SecretReference>();
  for (const name of names) {
    for (const reference of secretsOfDestination(settings.destinations[name] ?? { type: 'sns', topicArn: '' })) {
      if (await isMissing(reference, caller)) {
        missing.set(name, reference);
      }
    }
  }
  const lines = [...missing].map(([name, reference]) => `${describeReference(reference)} of the destination ${name}`);
  if (missing.size > 0 && missing.size === names.length) {
    throw new GarrisonError(
      'drill.secret',
      `nothing would be announced: there is no ${lines.join(', and no ')}`,
      `Store it: ${names.map((name) => `garrison secret set ${name}`).join(', ')}.`,
      { accountId: caller.accountId, region: caller.homeRegion },
    );
  }
  for (const line of lines) {
    host.emit({ code: 'drill.secret', level: 'warning', text: `there is no ${line}: nothing reaches it` });
  }
}

/** The default destination and those of routes that send. */
function destinationsInUse({ defaultDestination, routes }: NotifierSettings): string[] {
  const routed = routes.filter(({ silence }) => silence === undefined).flatMap(({ destinations = [] }) => destinations);
  return [...new Set([defaultDestination, ...routed])];
}

async function isMissing(reference: SecretReference, caller: Session): Promise<boolean> {
  try {
    if (reference.kind === 'parameter') {
      const input = { ResourceType: 'Parameter', ResourceId: reference.name } as const;
      await caller.client(SSMClient, caller.homeRegion).send(new ListTagsForResourceCommand(input));
    } else if (reference.kind === 'secret') {
      const input = { SecretId: reference.id };
      await caller.client(SecretsManagerClient, caller.homeRegion).send(new DescribeSecretCommand(input));
    }
    return false;
  } catch (error) {
    return /^(InvalidResourceId|ResourceNotFoundException)$/.test((error as Error).name);
  }
}
