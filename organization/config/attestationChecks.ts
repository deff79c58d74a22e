import type { AttestationConfig } from './attestation';
import { attestationDestination } from './attestationSettings';
import type { NotifierConfig } from './notifier';

/** What the section has to agree with. */
interface Sections {
  readonly attestation: AttestationConfig;
  readonly notifier: NotifierConfig;
  readonly detections: { readonly enabled: 'all' | 'none' | readonly string[]; readonly disabled: readonly string[] };
}

/** A problem of `garrison.yaml`, at a path of it. */
interface Problem {
  readonly path: (string | number)[];
  readonly message: string;
  readonly input: unknown;
}

/** What the section `attestation` asks of the others: a bot that can speak in threads, and detections that are on. */
export function attestationProblems({ attestation, notifier, detections }: Sections): Problem[] {
  if (!attestation.enabled) {
    return [];
  }
  const problems: Problem[] = [];
  const name = attestationDestination(attestation);
  const path = ['attestation', attestation.destination === undefined ? 'enabled' : 'destination'];
  if (!isBot(name, notifier)) {
    const bots = Object.keys(notifier.destinations).filter((candidate) => isBot(candidate, notifier));
    const there =
      bots.length === 0 ? 'there is none' : `there is ${bots.join(', ')}: name it in attestation.destination`;
    const message = `needs a slack-bot destination, to ask people in threads: ${name} is none; ${there}`;
    problems.push({ path, message, input: attestation.destination ?? true });
  }
  const off = attestation.detections.filter((id) => !isOn(id, detections));
  if (off.length > 0) {
    // The list may be the default's, which has no line of its own.
    const message = `asks about ${off.join(', ')}, which detections.enabled does not hold: nobody would be asked`;
    problems.push({ path: ['attestation', 'enabled'], message, input: true });
  }
  return problems;
}

function isBot(name: string, { slack, destinations }: NotifierConfig): boolean {
  return name === 'slack' ? slack.botToken !== undefined : destinations[name]?.type === 'slack-bot';
}

function isOn(id: string, { enabled, disabled }: Sections['detections']): boolean {
  return enabled !== 'none' && (enabled === 'all' || enabled.includes(id)) && !disabled.includes(id);
}
