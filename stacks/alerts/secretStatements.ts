import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { SecretReference } from '../../notifier/settings';
import { allow, type RoleContext } from '../../roles';
import type { OrganizationModel } from '../model';
import { secretsOf } from '../notifierSecrets';

/** Lets the notifier read exactly the secrets that its settings name, each where it lies. */
export function secretStatements(model: OrganizationModel): PolicyStatement[] {
  return [...secretReads(model, secretsOf(model.notifier)), ...topics(model)];
}

/** Lets a function read exactly these secrets. Those that lie under Garrison's own key need no more than that key. */
export function secretReads(model: OrganizationModel, secrets: readonly SecretReference[]): PolicyStatement[] {
  return [...parameters(model, secrets), ...secretsManager(model, secrets)];
}

function parameters(model: OrganizationModel, secrets: readonly SecretReference[]): PolicyStatement[] {
  const names = secrets.flatMap((secret) => (secret.kind === 'parameter' ? [secret.name] : []));
  const arns = [...new Set(names)].sort().map((name) => here(model, 'ssm', `parameter/${name.replace(/^\//, '')}`));
  if (arns.length === 0) {
    return [];
  }
  return [
    allow('Parameters', ['ssm:GetParameter'], arns),
    // Any key of the account's, but only through Parameter Store and only for these parameters.
    allow('ParameterKey', ['kms:Decrypt'], [here(model, 'kms', 'key/*')], {
      StringEquals: {
        'kms:ViaService': `ssm.${model.homeRegion}.amazonaws.com`,
        'kms:EncryptionContext:PARAMETER_ARN': arns,
      },
    }),
  ];
}

function secretsManager(model: OrganizationModel, secrets: readonly SecretReference[]): PolicyStatement[] {
  const arns = secrets.flatMap((secret) =>
    secret.kind !== 'secret'
      ? []
      : // Secrets Manager adds six characters of its own to the name.
        [secret.id.startsWith('arn:') ? secret.id : here(model, 'secretsmanager', `secret:${secret.id}-??????`)],
  );
  if (arns.length === 0) {
    return [];
  }
  const distinct = [...new Set(arns)];
  return [
    allow('Secrets', ['secretsmanager:GetSecretValue'], distinct),
    // As for parameters: a secret may lie under a key of the account's.
    allow('SecretKey', ['kms:Decrypt'], [here(model, 'kms', 'key/*')], {
      StringEquals: { 'kms:ViaService': `secretsmanager.${model.homeRegion}.amazonaws.com` },
      StringLike: { 'kms:EncryptionContext:SecretARN': distinct },
    }),
  ];
}

function topics(model: OrganizationModel): PolicyStatement[] {
  const arns = Object.values(model.notifier.destinations).flatMap((destination) =>
    destination.type === 'sns' ? [destination.topicArn] : [],
  );
  if (arns.length === 0) {
    return [];
  }
  const places = arns.map((arn) => arn.split(':'));
  return [
    allow('Topics', ['sns:Publish'], arns),
    // A topic may lie under a customer's key, which the publisher uses through SNS, for that topic.
    allow(
      'TopicKey',
      ['kms:GenerateDataKey', 'kms:Decrypt'],
      [...new Set(places.map(([, partition, , region, account]) => `arn:${partition}:kms:${region}:${account}:key/*`))],
      {
        StringEquals: {
          'kms:ViaService': [...new Set(places.map(([, , , region]) => `sns.${region}.amazonaws.com`))],
          'kms:EncryptionContext:aws:sns:topicArn': arns,
        },
      },
    ),
  ];
}

function here({ partition, homeRegion, securityAccountId }: RoleContext, service: string, resource: string): string {
  return `arn:${partition}:${service}:${homeRegion}:${securityAccountId}:${resource}`;
}
