import type { SecretReference } from '../../notifier/settings';

/** `SSM parameter /garrison/slack/webhook`. */
export function describeReference(reference: SecretReference): string {
  switch (reference.kind) {
    case 'parameter':
      return `SSM parameter ${reference.name}`;
    case 'secret':
      return `Secrets Manager secret ${reference.id}`;
    case 'ciphertext':
      return 'KMS ciphertext of the settings';
  }
}
