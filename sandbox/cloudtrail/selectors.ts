import type {
  AdvancedEventSelector,
  AdvancedFieldSelector,
  EventSelector,
  GetEventSelectorsRequest,
  GetInsightSelectorsRequest,
  PutEventSelectorsRequest,
  PutInsightSelectorsRequest,
} from '@aws-sdk/client-cloudtrail';
import type { DataEvent, Handler } from '../core/service';
import { trailError } from './errors';
import type { Trail, Trails } from './state';

function invalid(message: string): Error {
  return trailError('InvalidEventSelectorsException', message);
}

const readWriteTypes = ['All', 'ReadOnly', 'WriteOnly'];
const basicTypes = ['AWS::S3::Object', 'AWS::Lambda::Function', 'AWS::DynamoDB::Table'];

/** @throws ServiceError `InvalidEventSelectorsException` */
function checkBasic(selectors: readonly EventSelector[]): void {
  if (selectors.length > 5) {
    throw invalid('The number of event selectors exceeds the maximum of 5.');
  }
  const type = selectors.find(({ ReadWriteType }) => ReadWriteType && !readWriteTypes.includes(ReadWriteType));
  if (type) {
    throw invalid(`ReadWriteType ${type.ReadWriteType} is not valid. Valid values: ${readWriteTypes.join(', ')}.`);
  }
  const resources = selectors.flatMap(({ DataResources }) => DataResources ?? []);
  const other = resources.find(({ Type }) => !basicTypes.includes(Type ?? ''));
  if (other) {
    throw invalid(`Type ${other.Type} is not valid for data resources. Valid values: ${basicTypes.join(', ')}.`);
  }
  const values = resources.flatMap(({ Values }) => Values ?? []);
  const bad = values.find((value) => !/^arn:[\w-]+:(s3|lambda|dynamodb)/.test(value));
  if (bad !== undefined) {
    throw invalid(`Value ${bad} for DataResources.Values is invalid.`);
  }
  if (values.length > 250) {
    throw invalid('The total number of data resources exceeds the maximum of 250.');
  }
}

const fields = [
  'eventCategory',
  'eventName',
  'eventSource',
  'eventType',
  'errorCode',
  'readOnly',
  'resources.ARN',
  'resources.type',
  'sessionCredentialFromConsole',
  'userIdentity.arn',
  'vpcEndpointId',
];

/** @throws ServiceError `InvalidEventSelectorsException` */
function checkAdvanced(selectors: readonly AdvancedEventSelector[]): void {
  const conditions = selectors.flatMap(({ FieldSelectors }) => FieldSelectors ?? []);
  const values = conditions.flatMap(({ Field: _field, ...tests }) => Object.values(tests).flat());
  if (values.length > 500) {
    throw invalid('The total number of values in advanced event selectors exceeds the maximum of 500.');
  }
  for (const { FieldSelectors = [] } of selectors) {
    const other = FieldSelectors.find(({ Field }) => !fields.includes(Field ?? ''));
    if (other) {
      throw invalid(`Field ${other.Field} is not valid for advanced event selectors.`);
    }
    const category = FieldSelectors.find(({ Field }) => Field === 'eventCategory')?.Equals ?? [];
    if (category.length !== 1) {
      throw invalid('An advanced event selector must have one eventCategory.');
    }
    if (category[0] === 'Data' && !FieldSelectors.some(({ Field }) => Field === 'resources.type')) {
      throw invalid('An advanced event selector for data events must have resources.type.');
    }
  }
}

/** S3's resources go by a prefix; a function or table is itself, or with its parts. */
function isUnder(arn: string, value: string): boolean {
  return arn === value || arn.startsWith(value);
}

function selectsBasic({ ReadWriteType = 'All', DataResources = [] }: EventSelector, event: DataEvent): boolean {
  const asked = ReadWriteType === 'All' || (ReadWriteType === 'ReadOnly') === event.readOnly;
  return (
    asked &&
    DataResources.some(
      ({ Type, Values = [] }) => Type === event.type && Values.some((value) => isUnder(event.arn, value)),
    )
  );
}

function meets(selector: AdvancedFieldSelector, value: string): boolean {
  const { Equals, NotEquals, StartsWith, NotStartsWith, EndsWith, NotEndsWith } = selector;
  return (
    (!Equals?.length || Equals.includes(value)) &&
    (!StartsWith?.length || StartsWith.some((text) => value.startsWith(text))) &&
    (!EndsWith?.length || EndsWith.some((text) => value.endsWith(text))) &&
    !NotEquals?.includes(value) &&
    !NotStartsWith?.some((text) => value.startsWith(text)) &&
    !NotEndsWith?.some((text) => value.endsWith(text))
  );
}

function selectsAdvanced({ FieldSelectors = [] }: AdvancedEventSelector, event: DataEvent): boolean {
  const values: Readonly<Record<string, string>> = {
    eventCategory: 'Data',
    eventName: event.eventName,
    eventSource: event.eventSource,
    readOnly: String(event.readOnly),
    'resources.type': event.type,
    'resources.ARN': event.arn,
  };
  return FieldSelectors.every((selector) => meets(selector, values[selector.Field ?? ''] ?? ''));
}

/** Whether a trail records a data event. */
export function selectsData(trail: Trail, event: DataEvent): boolean {
  return (
    trail.eventSelectors.some((selector) => selectsBasic(selector, event)) ||
    trail.advancedSelectors.some((selector) => selectsAdvanced(selector, event))
  );
}

function putEventSelectors(trails: Trails): Handler {
  return (input: PutEventSelectorsRequest, context) => {
    const trail = trails.ownedBy(input.TrailName, context);
    const { EventSelectors: basic = [], AdvancedEventSelectors: advanced = [] } = input;
    if (basic.length > 0 && advanced.length > 0) {
      throw invalid('You can use either event selectors or advanced event selectors, but not both.');
    }
    if (basic.length === 0 && advanced.length === 0) {
      throw invalid('A trail must have at least one event selector.');
    }
    checkBasic(basic);
    checkAdvanced(advanced);
    trail.eventSelectors = basic.map((selector) => ({
      ...selector,
      ReadWriteType: selector.ReadWriteType ?? 'All',
      IncludeManagementEvents: selector.IncludeManagementEvents ?? true,
      DataResources: selector.DataResources ?? [],
    }));
    trail.advancedSelectors = advanced;
    trail.customSelectors = true;
    return {
      TrailARN: trail.arn,
      EventSelectors: basic.length > 0 ? trail.eventSelectors : undefined,
      AdvancedEventSelectors: advanced.length > 0 ? advanced : undefined,
    };
  };
}

const insightTypes = ['ApiCallRateInsight', 'ApiErrorRateInsight'];

function putInsightSelectors(trails: Trails): Handler {
  return (input: PutInsightSelectorsRequest, context) => {
    const trail = trails.ownedBy(input.TrailName, context);
    const selectors = input.InsightSelectors ?? [];
    const other = selectors.find(({ InsightType }) => !insightTypes.includes(InsightType ?? ''));
    if (other) {
      const message = `Insight type ${other.InsightType} is not valid. Valid values: ${insightTypes.join(', ')}.`;
      throw trailError('InvalidInsightSelectorsException', message);
    }
    trail.insightSelectors = selectors;
    return { TrailARN: trail.arn, InsightSelectors: selectors };
  };
}

/** What a trail records beside management events. */
export function selectorOperations(trails: Trails): Record<string, Handler> {
  return {
    PutEventSelectors: putEventSelectors(trails),
    GetEventSelectors: (input: GetEventSelectorsRequest, context) => {
      const { arn, eventSelectors, advancedSelectors } = trails.named(input.TrailName, context);
      return advancedSelectors.length > 0
        ? { TrailARN: arn, AdvancedEventSelectors: advancedSelectors }
        : { TrailARN: arn, EventSelectors: eventSelectors };
    },
    PutInsightSelectors: putInsightSelectors(trails),
    GetInsightSelectors: (input: GetInsightSelectorsRequest, context) => {
      const { arn, name, insightSelectors } = trails.named(input.TrailName, context);
      if (insightSelectors.length === 0) {
        const message = `Trail ${name} does not have Insights enabled.`;
        throw trailError('InsightNotEnabledException', message);
      }
      return { TrailARN: arn, InsightSelectors: insightSelectors };
    },
  };
}
