import { defineGuardrail, everybodyBut } from '../guardrail';
import { deny } from '../statement';

export const instanceMetadata = defineGuardrail({
  id: 'instance-metadata',
  title: 'Instances hand out credentials by IMDSv2 only',
  prevents:
    'No instance starts with IMDSv1, nobody switches it on again, and credentials that were fetched by it are of no use: a request that a web server is talked into no longer steals a role.',
  makesUnnecessary: { detections: [], responders: [] },
  parameters: {},
  statements: (_, context) => {
    const instances = [`arn:${context.partition}:ec2:*:*:instance/*`];
    const required = { StringNotEquals: { 'ec2:MetadataHttpTokens': ['required'] } };
    const conditions = everybodyBut(context);
    return [
      deny('RequireImdsV2', ['ec2:RunInstances'], { resources: instances, conditions: { ...conditions, ...required } }),
      deny('KeepImdsV2', ['ec2:ModifyInstanceMetadataOptions'], {
        conditions: { ...conditions, StringNotEquals: { 'ec2:Attribute/HttpTokens': ['required'] } },
      }),
      deny('RefuseImdsV1Credentials', ['*'], {
        conditions: { ...conditions, NumericLessThan: { 'ec2:RoleDelivery': ['2.0'] } },
      }),
    ];
  },
  exceptions: [
    'Options of a running instance may be changed in calls that ask for IMDSv2 themselves.',
    'Auto Scaling starts instances by a service-linked role: its launch templates have to ask for IMDSv2 themselves, and their credentials are refused otherwise.',
    'Set the account’s default to IMDSv2 (ec2:ModifyInstanceMetadataDefaults) first: then launches that say nothing pass.',
  ],
  gaps: ['Instances that run with IMDSv1 today lose their role’s rights: `garrison guardrails against` shows which.'],
});
