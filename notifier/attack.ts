import type { AttackReference } from './alert';

/** Threat purposes of GuardDuty that are, by its documentation, tactics of MITRE ATT&CK: purpose, id, name. */
const tactics: readonly string[] = [
  'Backdoor TA0011 Command and Control',
  'CredentialAccess TA0006 Credential Access',
  'CryptoCurrency T1496 Resource Hijacking',
  'DefenseEvasion TA0005 Defense Evasion',
  'DefenseImpairment TA0112 Defense Impairment',
  'Discovery TA0007 Discovery',
  'Execution TA0002 Execution',
  'Exfiltration TA0010 Exfiltration',
  'Impact TA0040 Impact',
  'InitialAccess TA0001 Initial Access',
  'Persistence TA0003 Persistence',
  'PrivilegeEscalation TA0004 Privilege Escalation',
  'LateralMovement TA0008 Lateral Movement',
  'Recon TA0007 Discovery',
  'ResourceDevelopment TA0042 Resource Development',
  'Stealth TA0005 Defense Evasion',
];

/** The tactic behind a threat purpose. */
export function tacticsOf(purpose: string | undefined): readonly AttackReference[] {
  const row = purpose === undefined ? undefined : tactics.find((tactic) => tactic.startsWith(`${purpose} `));
  return row === undefined ? [] : [tacticIn(row)];
}

/** The tactic of that name, such as `Initial Access`. */
export function tacticNamed(name: string): AttackReference | undefined {
  const row = /^[A-Z]/.test(name) ? tactics.find((tactic) => tactic.endsWith(` ${name}`)) : undefined;
  return row === undefined ? undefined : { ...tacticIn(row), name };
}

function tacticIn(row: string): AttackReference {
  const [, id = '', ...name] = row.split(' ');
  return { id, name: name.join(' ') };
}
