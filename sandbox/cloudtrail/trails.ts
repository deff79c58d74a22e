import type {
  CreateTrailRequest,
  DeleteTrailRequest,
  DescribeTrailsRequest,
  GetTrailRequest,
  ListTrailsRequest,
  UpdateTrailRequest,
} from '@aws-sdk/client-cloudtrail';
import { tagsFrom } from '../common/tags';
import { paginate } from '../core/paginate';
import type { CallContext, Handler } from '../core/service';
import { isStranger } from '../core/strangers';
import { trailError, unknownTrail } from './errors';
import { checkName } from './names';
import { defaultSelectors, type Trail, type Trails } from './state';
import { checkBucket, findTopic } from './targets';

type Settings = Omit<UpdateTrailRequest, 'Name'>;

/** What creating, updating and getting a trail tell of it. */
function settingsShape(trail: Trail) {
  return {
    Name: trail.name,
    S3BucketName: trail.bucket,
    S3KeyPrefix: trail.prefix,
    SnsTopicName: trail.topicName,
    SnsTopicARN: trail.topicArn,
    IncludeGlobalServiceEvents: trail.globalEvents,
    IsMultiRegionTrail: trail.multiRegion,
    TrailARN: trail.arn,
    LogFileValidationEnabled: trail.validated,
    CloudWatchLogsLogGroupArn: trail.logGroupArn,
    CloudWatchLogsRoleArn: trail.logRoleArn,
    KmsKeyId: trail.kmsKeyId,
    IsOrganizationTrail: trail.organization,
  };
}

function trailShape(trail: Trail) {
  return {
    ...settingsShape(trail),
    HomeRegion: trail.homeRegion,
    HasCustomEventSelectors: trail.customSelectors,
    HasInsightSelectors: trail.insightSelectors.length > 0,
  };
}

/** @throws ServiceError when settings do not go together or are none */
function check(input: Settings, globalEvents: boolean, multiRegion: boolean, context: CallContext): void {
  if (multiRegion && !globalEvents) {
    const message = 'Multi-Region trail must include global service events.';
    throw trailError('InvalidParameterCombinationException', message);
  }
  if (isStranger(context)) {
    return;
  }
  const { CloudWatchLogsLogGroupArn: group, CloudWatchLogsRoleArn: role } = input;
  if (group && !/^arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:[^:]+:\*$/.test(group)) {
    const message = 'CloudTrail cannot validate the specified log group ARN.';
    throw trailError('InvalidCloudWatchLogsLogGroupArnException', message);
  }
  if (role && !/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(role)) {
    const message = 'CloudTrail cannot validate the specified role ARN.';
    throw trailError('InvalidCloudWatchLogsRoleArnException', message);
  }
  if (input.S3KeyPrefix && input.S3KeyPrefix.length > 200) {
    throw trailError('InvalidS3PrefixException', 'S3 prefix is longer than maximum length 200.');
  }
}

/** @throws ServiceError when the account may not have a trail for its organization */
function checkOrganization(trails: Trails, context: CallContext): void {
  const view = trails.world.organization.current;
  if (isStranger(context)) {
    return;
  }
  if (!view?.has(context.accountId)) {
    throw trailError('OrganizationsNotInUseException', 'The account is not a member of an organization.');
  }
  if (!trails.administers(context.accountId)) {
    const message = 'The requesting account is not the management account of the organization.';
    throw trailError('NotOrganizationMasterAccountException', message);
  }
  if (!view.trusts('cloudtrail.amazonaws.com')) {
    const message = 'Trusted access for CloudTrail is not enabled in AWS Organizations.';
    throw trailError('CloudTrailAccessNotEnabledException', message);
  }
}

/** A trail as a request describes it. */
function newTrail(input: CreateTrailRequest, arn: string, context: CallContext, topicArn: string | undefined): Trail {
  return {
    name: input.Name ?? '',
    arn,
    accountId: arn.split(':')[4] ?? '',
    homeRegion: context.region,
    createdAt: context.world.now(),
    bucket: input.S3BucketName ?? '',
    prefix: input.S3KeyPrefix,
    topicName: input.SnsTopicName,
    topicArn,
    globalEvents: input.IncludeGlobalServiceEvents ?? true,
    multiRegion: input.IsMultiRegionTrail ?? false,
    validated: input.EnableLogFileValidation ?? false,
    organization: input.IsOrganizationTrail ?? false,
    logGroupArn: input.CloudWatchLogsLogGroupArn,
    logRoleArn: input.CloudWatchLogsRoleArn,
    kmsKeyId: input.KmsKeyId,
    eventSelectors: defaultSelectors,
    advancedSelectors: [],
    customSelectors: false,
    insightSelectors: [],
    tags: tagsFrom(input.TagsList as { Key: string; Value?: string }[] | undefined),
    logging: false,
  };
}

/** @throws ServiceError `TrailAlreadyExistsException`, `MaximumNumberOfTrailsExceededException` */
function checkRoom(trails: Trails, name: string, site: { accountId: string; region: string }): void {
  const { accountId, region } = site;
  if (trails.find(trails.arn(name, site))) {
    throw trailError('TrailAlreadyExistsException', `Trail ${name} already exists for customer: ${accountId}`);
  }
  const there = [...trails.values()].filter((one) => one.accountId === accountId && one.homeRegion === region);
  if (there.length >= 5) {
    const message = `User: ${accountId} already has 5 trails in ${region}.`;
    throw trailError('MaximumNumberOfTrailsExceededException', message);
  }
}

function createTrail(trails: Trails): Handler {
  return async (input: CreateTrailRequest, context) => {
    const { Name: name = '', SnsTopicName: topic } = input;
    checkName(name);
    check(input, input.IncludeGlobalServiceEvents ?? true, input.IsMultiRegionTrail ?? false, context);
    if (input.IsOrganizationTrail) {
      checkOrganization(trails, context);
    }
    const management = trails.world.organization.current?.managementAccountId;
    const accountId = input.IsOrganizationTrail ? (management ?? context.accountId) : context.accountId;
    const site = { accountId, region: context.region };
    checkRoom(trails, name, site);
    const topicArn = topic ? await findTopic(trails, topic, context) : undefined;
    const trail = newTrail(input, trails.arn(name, site), context, topicArn);
    await checkBucket(trails, trail, context);
    trails.add(trail);
    return settingsShape(trail);
  };
}

/** An empty text takes a setting away. */
function given(text: string | undefined, before: string | undefined): string | undefined {
  return text === undefined ? before : text || undefined;
}

function updateTrail(trails: Trails): Handler {
  return async (input: UpdateTrailRequest, context) => {
    const trail = trails.ownedBy(input.Name, context);
    const globalEvents = input.IncludeGlobalServiceEvents ?? trail.globalEvents;
    const multiRegion = input.IsMultiRegionTrail ?? trail.multiRegion;
    check(input, globalEvents, multiRegion, context);
    const organization = input.IsOrganizationTrail ?? trail.organization;
    if (organization && !trail.organization) {
      checkOrganization(trails, context);
    }
    const topicName = given(input.SnsTopicName, trail.topicName);
    const topicArn = input.SnsTopicName ? await findTopic(trails, input.SnsTopicName, context) : undefined;
    const changed: Trail = {
      ...trail,
      bucket: input.S3BucketName ?? trail.bucket,
      prefix: given(input.S3KeyPrefix, trail.prefix),
      topicName,
      topicArn: topicName === undefined ? undefined : (topicArn ?? trail.topicArn),
      globalEvents,
      multiRegion,
      validated: input.EnableLogFileValidation ?? trail.validated,
      organization,
      logGroupArn: given(input.CloudWatchLogsLogGroupArn, trail.logGroupArn),
      logRoleArn: given(input.CloudWatchLogsRoleArn, trail.logRoleArn),
      kmsKeyId: given(input.KmsKeyId, trail.kmsKeyId),
    };
    if (input.S3BucketName !== undefined || input.S3KeyPrefix !== undefined || organization !== trail.organization) {
      await checkBucket(trails, changed, context);
    }
    trails.add(changed);
    return settingsShape(changed);
  };
}

function getTrail(trails: Trails): Handler {
  return (input: GetTrailRequest, context) => {
    const name = input.Name ?? '';
    if (!name.startsWith('arn:')) {
      checkName(name);
    }
    const seen = trails.seenFrom(context);
    const found = seen.find((trail) => trail.arn === name) ?? seen.find((trail) => trail.name === name);
    if (!found) {
      throw unknownTrail(name, context.accountId);
    }
    return { Trail: trailShape(found) };
  };
}

function describeTrails(trails: Trails): Handler {
  return (input: DescribeTrailsRequest, context) => {
    const seen = trails.seenFrom(context, input.includeShadowTrails ?? true);
    const names = input.trailNameList ?? [];
    const wanted = seen.filter(({ name, arn }) => names.length === 0 || names.includes(name) || names.includes(arn));
    return { trailList: wanted.map(trailShape) };
  };
}

/** Trails: made, changed, found, deleted. */
export function trailOperations(trails: Trails): Record<string, Handler> {
  return {
    CreateTrail: createTrail(trails),
    UpdateTrail: updateTrail(trails),
    GetTrail: getTrail(trails),
    DescribeTrails: describeTrails(trails),
    DeleteTrail: (input: DeleteTrailRequest, context) => {
      trails.delete(trails.ownedBy(input.Name, context));
      return {};
    },
    ListTrails: (input: ListTrailsRequest, context) => {
      const all = trails.seenFrom(context).map(({ arn, name, homeRegion }) => ({
        TrailARN: arn,
        Name: name,
        HomeRegion: homeRegion,
      }));
      const page = paginate(all, { token: input.NextToken, maximum: 100, invalidCode: 'InvalidNextTokenException' });
      return { Trails: page.items, NextToken: page.nextToken };
    },
  };
}
