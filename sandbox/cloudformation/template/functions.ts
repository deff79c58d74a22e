/** Functions in the order in which CloudFormation lists them when it meets another. */
export const supportedFunctions: readonly string[] = [
  'Fn::Base64',
  'Fn::GetAtt',
  'Fn::GetAZs',
  'Fn::ImportValue',
  'Fn::Join',
  'Fn::Split',
  'Fn::FindInMap',
  'Fn::Select',
  'Ref',
  'Fn::Equals',
  'Fn::If',
  'Fn::Not',
  'Condition',
  'Fn::And',
  'Fn::Or',
  'Fn::Contains',
  'Fn::EachMemberEquals',
  'Fn::EachMemberIn',
  'Fn::ValueOf',
  'Fn::ValueOfAll',
  'Fn::RefAll',
  'Fn::Sub',
  'Fn::Cidr',
];

/** Functions that only templates with the transform AWS::LanguageExtensions have. */
export const extensionFunctions: readonly string[] = ['Fn::Length', 'Fn::ToJsonString'];

export function unsupportedFunction(name: string): string {
  return `Template error: Encountered unsupported function: ${name} Supported functions are: [${supportedFunctions.join(', ')}]`;
}

export const pseudoParameters: ReadonlySet<string> = new Set([
  'AWS::AccountId',
  'AWS::NotificationARNs',
  'AWS::NoValue',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
]);
