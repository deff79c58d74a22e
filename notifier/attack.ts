import type { AttackReference } from './alert';

/** Threat purposes of GuardDuty that are, by its documentation, tactics of MITRE ATT&CK: purpose, id, name. */
const tactics: readonly string[] = [
  'Backdoor TA0011 Command and Control',
  'CredentialAccess TA0006 Credential Access',
  'CryptoCurrency T1496 Resource Hijacking',
  'DefenseEvasion TA0005 Defense Evasion',
  'Discovery TA0007 Discovery',
  'Execution TA0002 Execution',
  'Exfiltration TA0010 Exfiltration',
  'Impact TA0040 Impact',
  'InitialAccess TA0001 Initial Access',
  'Persistence TA0003 Persistence',
  'PrivilegeEscalation TA0004 Privilege Escalation',
  'LateralMovement TA0008 Lateral Movement',
  'Recon TA0007 Discovery',
  'Stealth TA0005 Defense Evasion',
];

const mostTechniques = 8;

/** The tactic behind a threat purpose, and the techniques named by the finding itself. */
export function attackReferences(purpose: string | undefined, named: readonly string[]): readonly AttackReference[] {
  const techniques = named.flatMap((text) => tacticNamed(text) ?? techniquesIn(text));
  const row = tactics.find((tactic) => purpose !== undefined && tactic.startsWith(`${purpose} `));
  const [, id = '', ...name] = row?.split(' ') ?? [];
  const all = row === undefined ? techniques : [{ id, name: name.join(' ') }, ...techniques];
  return [...new Map(all.map((reference) => [reference.id, reference])).values()].slice(0, mostTechniques);
}

/** The tactic of that name, such as `Initial Access`. */
function tacticNamed(name: string): AttackReference | undefined {
  const id = tactics.find((row) => row.endsWith(` ${name}`))?.split(' ')[1];
  return id === undefined || !/^[A-Z]/.test(name) ? undefined : { id, name };
}

/** Reads `T1078.004 - Valid Accounts: Cloud Accounts` and bare ids, out of any text. */
function techniquesIn(text: string): AttackReference[] {
  return [...text.matchAll(/\b(TA?\d{4}(?:\.\d{3})?)\b(?: - ([A-Z][\w ,:&/-]{2,79}?)(?=, T\d|\n|$))?/g)].map(
    ([, id, name]) => ({ id: id as string, name: name?.trim() }),
  );
}
