import { globalActions } from '../globalActions';
import { defineGuardrail, everybodyBut } from '../guardrail';
import { denyAllBut } from '../statement';

export const unusedRegions = defineGuardrail<'regions' | 'alsoAllowed'>({
  id: 'unused-regions',
  title: 'Nothing happens in regions that are not used',
  prevents: 'Nobody works in a region that is not on the list: a place less to hide in, and to look at.',
  makesUnnecessary: { detections: [], responders: [] },
  parameters: {
    regions: {
      meaning: 'regions that are used; the home region has to be among them',
      default: [],
      pattern: /^([a-z]{2}(-[a-z]+)+-\d|unspecified)$/,
      wanted: 'a region, such as eu-central-1',
    },
    alsoAllowed: {
      meaning: 'actions that stay possible in every region, beside those of global services',
      default: [],
      pattern: /^[a-z0-9-]+:[A-Za-z0-9*?]+$/,
      wanted: 'an action, such as bedrock:*',
    },
  },
  needs: ['regions'],
  check: ({ regions }, { homeRegion }) =>
    regions.length > 0 && !regions.includes(homeRegion)
      ? [
          {
            parameter: 'regions',
            message: `lacks the home region ${homeRegion}`,
            remedy: `Add ${homeRegion}: Garrison itself stands there.`,
          },
        ]
      : [],
  statements: ({ regions, alsoAllowed }, context) => {
    const { operator, member, execution, planting, responder } = context.own;
    return [
      denyAllBut('UnusedRegions', [...globalActions, ...alsoAllowed], {
        ...everybodyBut(context, [operator, member, execution, ...planting, responder]),
        StringNotEquals: { 'aws:RequestedRegion': regions },
      }),
    ];
  },
  exceptions: [
    'Global services (IAM, Organizations, Route 53, CloudFront, Support, billing, …) stand in one region, whichever are used.',
    'Garrison’s roles keep detectors, rules and members in every guarded region, used or not.',
    'Bedrock’s global inference asks in a region called unspecified: add it to regions if you use it.',
  ],
  gaps: ['What runs in such a region already keeps running.'],
});
