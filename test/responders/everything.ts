import { memberId } from './responding';

const rule = (responder: string, strategy: string, more = '') =>
  `    - {responders: [${responder}], strategy: ${strategy}, tags: {guard: ${more ? 'ask' : strategy}}${more}}`;

/** Every responder, each strategy for resources whose tag `guard` names it. */
export const everythingOn = `detections: {enabled: [security-group-open-to-world, guardduty-disabled, trail-stopped, trail-selectors-weakened, mfa-deactivated, s3-objects-removed]}
responders:
  enabled: all
  buckets: [papers-*]
  breaker: {actions: 100, minutes: 60}
  images: {names: [{name: "golden-*", owner: self}]}
  exemptions: [{tags: {exempt: "yes"}, reason: penetration test, until: 2099-12-31}]
  enforce:
${rule('opened-security-group', 'revoke')}
${rule('opened-security-group', 'quarantine')}
${rule('opened-security-group', 'revoke', ', approval: true')}
${rule('unapproved-image', 'terminate')}
${rule('unapproved-image', 'stop')}
${rule('unapproved-image', 'isolate')}
${rule('exposed-access-key', 'deactivate')}
    - {responders: [guard-switched-off, removed-objects], strategy: restore, accounts: ["${memberId}"]}
`;
