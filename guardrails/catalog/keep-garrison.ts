import { keyActions, partKinds, policyActions, roleActions, userActions } from '../garrisonParts';
import { defineGuardrail, everybodyBut } from '../guardrail';
import { allOf } from '../ownRoles';
import { type Conditions, deny, type Statement } from '../statement';

export const keepGarrison = defineGuardrail({
  id: 'keep-garrison',
  title: 'Garrison’s own parts stay as they are',
  prevents:
    'Nobody but Garrison changes its roles, stacks, rules, queues, functions, tables, alarms and key, or becomes one of the roles that guardrails leave alone, by creating, changing or passing it.',
  makesUnnecessary: { detections: ['garrison-changed'], responders: [] },
  parameters: {},
  statements: (_, context) => {
    const { own, ownPolicies, partition, exemptAnywhere } = context;
    const conditions = everybodyBut(context, [own.operator, own.execution, ...own.planting, ...own.services]);
    const functions = [`arn:${partition}:lambda:*:*:function:garrison-*`];
    return [
      parts(partition, conditions),
      deny('KeepRoles', named('iam', [...roleActions, ...policyActions]), {
        resources: [
          ...allOf(own),
          ...ownPolicies,
          ...exemptAnywhere.filter((arn) => arn.includes(':role/') && isCreatable(arn)),
        ],
        conditions,
      }),
      ...users(
        exemptAnywhere.filter((arn) => arn.includes(':user/')),
        conditions,
      ),
      deny('KeepEventSources', named('lambda', ['DeleteEventSourceMapping', 'UpdateEventSourceMapping']), {
        conditions: { ...conditions, ArnLike: { 'lambda:FunctionArn': functions } },
      }),
      // EventBridge asks about a bus's permissions without naming the bus: held where the bus stands.
      deny('KeepBus', named('events', ['PutPermission', 'RemovePermission']), {
        conditions: { ...conditions, StringEquals: { 'aws:PrincipalAccount': [context.securityAccountId] } },
      }),
      deny('KeepKey', named('kms', keyActions), {
        conditions: { ...conditions, StringEquals: { 'aws:ResourceTag/garrison': ['key'] } },
      }),
    ];
  },
  exceptions: [
    'Garrison’s operator and stack set roles deploy; roles.accountAccessRole bootstraps and removes, from the management account.',
    'Whoever sets the webhook or the bot token (`garrison secret set`) needs no exemption; whoever deletes the parameter does.',
    'In the security account nobody else changes who may put events on a bus, whichever it is.',
    'AWS’s service-linked roles are not held by service control policies.',
  ],
  gaps: [
    'Where the roles come by links (bootstrap.method: links), the administrator who opens the link needs an exemption, or does so before the guardrail is attached.',
    'Secrets can be overwritten by whoever may put parameters: the detection garrison-changed stays of use for that.',
  ],
});

/** All kinds in one statement: an action of one service and a resource of another never meet in a request. */
function parts(partition: string, conditions: Conditions): Statement {
  return deny(
    'KeepGarrison',
    partKinds.flatMap(({ service, actions }) => named(service, actions)),
    {
      resources: partKinds.flatMap(({ service, resources }) =>
        resources.map((resource) => `arn:${partition}:${service}:${resource}`),
      ),
      conditions,
    },
  );
}

function users(arns: readonly string[], conditions: Conditions): Statement[] {
  return arns.length === 0 ? [] : [deny('KeepUsers', named('iam', userActions), { resources: arns, conditions })];
}

function named(service: string, actions: readonly string[]): string[] {
  return actions.map((action) => `${service}:${action}`);
}

/** Roles below `aws-reserved` and `aws-service-role` only AWS can create. */
function isCreatable(arn: string): boolean {
  return !/:role\/(aws-reserved|aws-service-role)\//.test(arn);
}
