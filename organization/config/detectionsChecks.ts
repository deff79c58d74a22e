import type { DetectionsConfig } from './detections';
import { enabledResponders, type RespondersConfig } from './responders';

/** What the section has to agree with. */
interface Sections {
  readonly detections: DetectionsConfig;
  readonly homeRegion: string;
  readonly attestation: { readonly enabled: boolean };
  readonly responders: Pick<RespondersConfig, 'enabled'>;
}

/** A problem of `garrison.yaml`, at a path of it. */
interface Problem {
  readonly path: (string | number)[];
  readonly message: string;
  readonly input: unknown;
}

/** What `detections.logFiles` cannot be beside the other sections. */
export function detectionsProblems({ detections, homeRegion, ...others }: Sections): Problem[] {
  const { logFiles } = detections;
  if (logFiles === undefined) {
    return [];
  }
  const { bucketRegion, topicArn, only } = logFiles;
  const problems: Problem[] = [];
  if (bucketRegion !== undefined && bucketRegion !== homeRegion && topicArn === undefined) {
    const message = `is not the home region, and S3 tells queues of its own region only: name a topic in ${bucketRegion} (topicArn)`;
    problems.push({ path: ['detections', 'logFiles', 'bucketRegion'], message, input: bucketRegion });
  }
  if (detections.enabled === 'none') {
    const message = 'is for detections, and detections.enabled is none';
    problems.push({ path: ['detections', 'logFiles'], message, input: logFiles });
  }
  const listening = [
    ...(others.attestation.enabled ? ['attestation'] : []),
    ...(enabledResponders(others.responders).length > 0 ? ['responders'] : []),
  ];
  if (only && listening.length > 0) {
    const message = `leaves the bus without events, and ${listening.join(' and ')} listen there`;
    problems.push({ path: ['detections', 'logFiles', 'only'], message, input: only });
  }
  return problems;
}
