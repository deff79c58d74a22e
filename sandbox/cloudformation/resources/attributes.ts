/** Attributes that types answer beside what the registry's schema calls read-only. */
export const dependencyAttributes: Readonly<Record<string, readonly string[]>> = {
  'AWS::EC2::Instance': ['State.Code', 'State.Name'],
  'AWS::SQS::Queue': ['QueueName'],
  'AWS::SNS::Topic': ['TopicName'],
  'AWS::Events::EventBus': ['Name', 'Policy'],
  'AWS::Events::Archive': ['ArchiveName'],
  'AWS::Lambda::Function': ['SnapStartResponse.ApplyOn', 'SnapStartResponse.OptimizationStatus'],
  'AWS::IAM::ServiceLinkedRole': ['Arn'],
  'AWS::SSM::Parameter': ['Type', 'Value'],
  'AWS::DynamoDB::GlobalTable': ['TableId'],
  'AWS::CloudFormation::WaitCondition': ['Data'],
  'AWS::Lambda::Alias': ['AliasArn'],
};
