import type {
  EstimateTemplateCostInput,
  GetTemplateSummaryInput,
  ValidateTemplateInput,
} from '@aws-sdk/client-cloudformation';
import type { CallContext, Handler } from '../core/service';
import { validationError } from './errors';
import { identifierOf } from './resources/schema';
import type { Engine } from './stacks/run';
import type { StackSetStore } from './stacksets/state';
import { describeTemplate, summarizeTemplate } from './template/summary';
import { acceptTemplate } from './templateCheck';
import { requiredTemplateText, templateText } from './templateSource';

async function summarized(engine: Engine, sets: StackSetStore, input: GetTemplateSummaryInput, context: CallContext) {
  const text = await templateText(input, context);
  const given = [text, input.StackName, input.StackSetName].filter((each) => each !== undefined);
  if (given.length !== 1) {
    throw validationError('Exactly one of StackName, StackSetName, TemplateBody or TemplateURL must be specified.');
  }
  if (text !== undefined) {
    return acceptTemplate(text, engine.provider, context);
  }
  if (input.StackSetName !== undefined) {
    return sets.existing(input.StackSetName, context, input.CallAs).current.template;
  }
  const stack = engine.store.find(input.StackName, context);
  if (stack?.status === 'REVIEW_IN_PROGRESS') {
    throw validationError('GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks.');
  }
  const template = stack?.current?.template;
  if (!template) {
    throw validationError(`Stack with id ${input.StackName} does not exist`);
  }
  return template;
}

/** ValidateTemplate, GetTemplateSummary, EstimateTemplateCost. */
export function templateOperations(engine: Engine, sets: StackSetStore): Record<string, Handler> {
  return {
    ValidateTemplate: async (input: ValidateTemplateInput, context) =>
      describeTemplate(acceptTemplate(await requiredTemplateText(input, context), engine.provider, context)),
    GetTemplateSummary: async (input: GetTemplateSummaryInput, context) =>
      summarizeTemplate(await summarized(engine, sets, input, context), identifierOf),
    EstimateTemplateCost: async (input: EstimateTemplateCostInput, context) => {
      acceptTemplate(await requiredTemplateText(input, context), engine.provider, context);
      return { Url: 'https://calculator.aws/#/estimate' };
    },
  };
}
