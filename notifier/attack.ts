import type { AttackReference } from './alert';

/** Threat purposes of GuardDuty that are, by its documentation, tactics of MITRE ATT&CK. */
const tactics: Readonly<Record<string, AttackReference>> = {
  Backdoor: { id: 'TA0011', name: 'Command and Control' },
  CredentialAccess: { id: 'TA0006', name: 'Credential Access' },
  CryptoCurrency: { id: 'T1496', name: 'Resource Hijacking' },
  DefenseEvasion: { id: 'TA0005', name: 'Defense Evasion' },
  Discovery: { id: 'TA0007', name: 'Discovery' },
  Execution: { id: 'TA0002', name: 'Execution' },
  Exfiltration: { id: 'TA0010', name: 'Exfiltration' },
  Impact: { id: 'TA0040', name: 'Impact' },
  InitialAccess: { id: 'TA0001', name: 'Initial Access' },
  Persistence: { id: 'TA0003', name: 'Persistence' },
  PrivilegeEscalation: { id: 'TA0004', name: 'Privilege Escalation' },
  Recon: { id: 'TA0007', name: 'Discovery' },
  Stealth: { id: 'TA0005', name: 'Defense Evasion' },
};

const mostTechniques = 8;

/** The tactic behind a threat purpose, and the techniques named by the finding itself. */
export function attackReferences(purpose: string | undefined, named: readonly string[]): readonly AttackReference[] {
  const techniques = named.flatMap(techniquesIn);
  const tactic = purpose === undefined || !Object.hasOwn(tactics, purpose) ? undefined : tactics[purpose];
  const all = tactic === undefined ? techniques : [tactic, ...techniques];
  return [...new Map(all.map((reference) => [reference.id, reference])).values()].slice(0, mostTechniques);
}

/** Reads `T1078.004 - Valid Accounts: Cloud Accounts` and bare ids, out of any text. */
function techniquesIn(text: string): AttackReference[] {
  return [...text.matchAll(/\b(TA?\d{4}(?:\.\d{3})?)\b(?: - ([A-Z][\w ,:&/-]{2,79}?)(?=, T\d|\n|$))?/g)].map(
    ([, id, name]) => ({ id: id as string, name: name?.trim() }),
  );
}
