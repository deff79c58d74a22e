import type {
  ListTargetsByRuleRequest,
  PutTargetsRequest,
  PutTargetsResultEntry,
  RemoveTargetsRequest,
  Target,
} from '@aws-sdk/client-eventbridge';
import { parseArn } from '../common/arn';
import { ServiceError } from '../core/errors';
import { paginate } from '../core/paginate';
import type { Handler } from '../core/service';
import { type Buses, invalid, type Rule } from './state';

const targetLimit = 5;
const reserved = /^aws\.events\./i;

function checkTarget(target: Target, rule: Rule): void {
  const arn = parseArn(target.Arn);
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(target.Id ?? '')) {
    throw invalid(
      `Target id ${target.Id} is not valid: it must match [\\.\\-_A-Za-z0-9]+ and have at most 64 characters.`,
    );
  }
  if (!arn) {
    throw invalid(`Parameter ${target.Arn} is not valid. Reason: Provided Arn is not in correct format.`);
  }
  const inputs = [target.Input, target.InputPath, target.InputTransformer].filter((one) => one !== undefined);
  if (inputs.length > 1) {
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${target.Id}.`);
  }
  checkInputs(target);
  const isFifo = arn.service === 'sqs' && arn.resource.endsWith('.fifo');
  if (isFifo && !target.SqsParameters?.MessageGroupId) {
    throw invalid(`Parameter(s) SqsParameters must be specified for target: ${target.Id}.`);
  }
  const sameRegion = arn.service !== 'events' && arn.region !== '' && arn.region !== rule.site.region;
  if (sameRegion) {
    throw invalid(`Provided Arn is not valid for target ${target.Id}: it is in another Region than the rule.`);
  }
  const otherRegion = arn.service === 'events' && arn.region !== rule.site.region;
  if (otherRegion && !target.RoleArn) {
    throw invalid(`RoleArn is required for target ${target.Arn}.`);
  }
}

function checkInputs(target: Target): void {
  if (target.Input !== undefined) {
    try {
      JSON.parse(target.Input);
    } catch {
      throw invalid(`JSON syntax error in input for target ${target.Id}.`);
    }
  }
  const transformer = target.InputTransformer;
  if (!transformer) {
    return;
  }
  const names = Object.keys(transformer.InputPathsMap ?? {});
  if (names.length > 100) {
    throw invalid(`InputPathsMap of target ${target.Id} has more than 100 entries.`);
  }
  for (const name of names) {
    if (reserved.test(name)) {
      throw invalid(`InputPathsMap of target ${target.Id} uses the reserved name ${name}.`);
    }
    if (!/^\$[.[\]A-Za-z0-9_\-*/'" ]*$/.test(transformer.InputPathsMap?.[name] ?? '')) {
      throw invalid(`Invalid InputPathsMap for target ${target.Id}: ${transformer.InputPathsMap?.[name]}.`);
    }
  }
  for (const [, name = ''] of (transformer.InputTemplate ?? '').matchAll(/<([\w.-]+)>/g)) {
    if (!names.includes(name) && !reserved.test(name)) {
      throw invalid(
        `Invalid InputTemplate for target ${target.Id} : [Source: (String)"${transformer.InputTemplate}"; Placeholder ${name} is not defined in InputPathsMap].`,
      );
    }
  }
}

/** Operations on the targets of a rule. */
export function targetOperations(buses: Buses): Record<string, Handler> {
  return {
    PutTargets: (input: PutTargetsRequest, context) => {
      const rule = buses.rule(input.Rule, input.EventBusName, context);
      const targets = input.Targets ?? [];
      const ids = targets.map((target) => target.Id);
      if (new Set(ids).size !== ids.length) {
        throw invalid('The target ids in the request are not unique.');
      }
      for (const target of targets) {
        checkTarget(target, rule);
      }
      const after = new Set([...rule.targets.keys(), ...ids]);
      if (after.size > targetLimit) {
        throw new ServiceError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
      }
      for (const target of targets) {
        rule.targets.set(target.Id ?? '', target);
      }
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    RemoveTargets: (input: RemoveTargetsRequest, context) => {
      const rule = buses.rule(input.Rule, input.EventBusName, context);
      const failed: PutTargetsResultEntry[] = [];
      for (const id of input.Ids ?? []) {
        rule.targets.delete(id);
      }
      return { FailedEntryCount: failed.length, FailedEntries: failed };
    },
    ListTargetsByRule: (input: ListTargetsByRuleRequest, context) => {
      const rule = buses.rule(input.Rule, input.EventBusName, context);
      const page = paginate([...rule.targets.values()], { token: input.NextToken, size: input.Limit, maximum: 100 });
      return { Targets: page.items, NextToken: page.nextToken };
    },
  };
}
