/**
 * A finding type of GuardDuty taken apart: `ThreatPurpose:ResourceType/ThreatFamilyName.DetectionMechanism!Artifact`,
 * of which the last two may be missing.
 */
export interface FindingType {
  readonly text: string;
  /** Such as `CryptoCurrency`. */
  readonly purpose: string;
  /** Such as `EC2`. */
  readonly resource: string;
  /** Such as `BitcoinTool`. */
  readonly family: string;
  /** How it was detected, such as `Custom`; a single capital letter is a variant and is in `variant`. */
  readonly mechanism?: string;
  readonly variant?: string;
  /** What the threat used, such as `DNS`. */
  readonly artifact?: string;
  readonly isAttackSequence: boolean;
}

const grammar =
  /^([A-Za-z][\w-]{0,63}):([A-Za-z][\w-]{0,63})\/([\w&-]{1,100})(?:\.([\w&.-]{1,100}))?(?:!([\w&.-]{1,64}))?$/;

/** Takes a finding type apart by its grammar, whether it is known today or not; `undefined` when it has another form. */
export function parseFindingType(type: string): FindingType | undefined {
  const parts = grammar.exec(type);
  if (parts === null) {
    return undefined;
  }
  const [, purpose, resource, family, mechanism, artifact] = parts as unknown as [
    string,
    string,
    string,
    string,
    string?,
    string?,
  ];
  const isVariant = mechanism !== undefined && /^[A-Z]$/.test(mechanism);
  return {
    text: type,
    purpose,
    resource,
    family,
    mechanism: isVariant ? undefined : mechanism,
    variant: isVariant ? mechanism : undefined,
    artifact,
    isAttackSequence: purpose === 'AttackSequence',
  };
}

/** `BitcoinTool` → `Bitcoin tool`, `DGADomainRequest` → `DGA domain request`: acronyms stay. */
export function inWords(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .replace(/[._-]+/g, ' ')
    .split(' ');
  return words.map((word, index) => (index > 0 && /^[A-Z][a-z]+$/.test(word) ? word.toLowerCase() : word)).join(' ');
}
