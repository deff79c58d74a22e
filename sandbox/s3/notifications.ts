import { randomBytes } from 'node:crypto';
import type {
  LambdaFunctionConfiguration,
  NotificationConfiguration,
  QueueConfiguration,
  TopicConfiguration,
} from '@aws-sdk/client-s3';
import { parseArn } from '../common/arn';
import type { World } from '../core/world';
import type { Bucket, ObjectVersion } from './state';

type Destination = Partial<LambdaFunctionConfiguration & QueueConfiguration & TopicConfiguration>;

function wants(destination: Destination, event: string, key: string): boolean {
  const named = (destination.Events ?? []).some((one: string) => {
    const pattern = one.replace(/^s3:/, '');
    return pattern === event || (pattern.endsWith('*') && event.startsWith(pattern.slice(0, -1)));
  });
  const rules = destination.Filter?.Key?.FilterRules ?? [];
  return (
    named &&
    rules.every(({ Name, Value = '' }) =>
      Name?.toLowerCase() === 'prefix' ? key.startsWith(Value) : key.endsWith(Value),
    )
  );
}

/** Tells a bucket's listeners what became of its objects. */
export class Notifier {
  private sequence = 0;

  constructor(private readonly world: World) {}

  notify(bucket: Bucket, event: string, version: ObjectVersion): void {
    const configuration = bucket.settings.get('BucketNotificationConfiguration') as
      | NotificationConfiguration
      | undefined;
    if (!configuration) {
      return;
    }
    this.sequence += 1;
    const sequencer = (Date.now() * 1000 + this.sequence).toString(16).toUpperCase().padStart(18, '0');
    if (configuration.EventBridgeConfiguration) {
      this.toEventBridge(bucket, event, version, sequencer);
    }
    const destinations: Destination[] = [
      ...(configuration.LambdaFunctionConfigurations ?? []),
      ...(configuration.QueueConfigurations ?? []),
      ...(configuration.TopicConfigurations ?? []),
    ];
    for (const destination of destinations.filter((one) => wants(one, event, version.key))) {
      const body = JSON.stringify({
        Records: [this.record(bucket, event, version, { sequencer, id: destination.Id ?? '' })],
      });
      this.world.later(0, () => this.deliver(bucket, destination, body));
    }
  }

  private record(bucket: Bucket, eventName: string, version: ObjectVersion, ids: { sequencer: string; id: string }) {
    const removed = eventName.startsWith('ObjectRemoved');
    return {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: bucket.region,
      eventTime: this.world.now().toISOString(),
      eventName,
      userIdentity: { principalId: `AWS:${bucket.accountId}` },
      requestParameters: { sourceIPAddress: '127.0.0.1' },
      responseElements: { 'x-amz-request-id': randomBytes(8).toString('hex').toUpperCase() },
      s3: {
        s3SchemaVersion: '1.0',
        configurationId: ids.id,
        bucket: {
          name: bucket.name,
          ownerIdentity: { principalId: bucket.accountId },
          arn: `arn:${this.world.partition}:s3:::${bucket.name}`,
        },
        object: {
          key: encodeURIComponent(version.key).replaceAll('%20', '+').replaceAll('%2F', '/'),
          ...(removed ? {} : { size: version.body.length, eTag: version.etag.replaceAll('"', '') }),
          ...(version.versionId === 'null' ? {} : { versionId: version.versionId }),
          sequencer: ids.sequencer,
        },
      },
    };
  }

  private toEventBridge(bucket: Bucket, event: string, version: ObjectVersion, sequencer: string): void {
    const created = event.startsWith('ObjectCreated');
    const detail = {
      version: '0',
      bucket: { name: bucket.name },
      object: {
        key: version.key,
        ...(created ? { size: version.body.length, etag: version.etag.replaceAll('"', '') } : {}),
        ...(version.versionId === 'null' ? {} : { 'version-id': version.versionId }),
        sequencer,
      },
      'request-id': randomBytes(8).toString('hex').toUpperCase(),
      requester: bucket.accountId,
      'source-ip-address': '127.0.0.1',
      reason: created ? event.replace('ObjectCreated:', '').replace(/^(Put|Copy)$/, '$1Object') : 'DeleteObject',
      ...(created ? {} : { 'deletion-type': version.deleteMarker ? 'Delete Marker Created' : 'Permanently Deleted' }),
    };
    const resources = [`arn:${this.world.partition}:s3:::${bucket.name}`];
    const type = created ? 'Object Created' : 'Object Deleted';
    this.world.emit(
      { source: 'aws.s3', 'detail-type': type, detail, resources },
      { accountId: bucket.accountId, region: bucket.region },
    );
  }

  private async deliver(bucket: Bucket, destination: Destination, body: string): Promise<void> {
    const target = destination.LambdaFunctionArn ?? destination.QueueArn ?? destination.TopicArn ?? '';
    const arn = parseArn(target);
    if (!arn) {
      return;
    }
    const source = { accountId: bucket.accountId, arn: `arn:${this.world.partition}:s3:::${bucket.name}` };
    const caller = this.world.serviceCaller('s3.amazonaws.com', source);
    const as = { caller, region: arn.region, accountId: arn.accountId };
    if (arn.service === 'lambda') {
      await this.world.call(
        'lambda',
        'Invoke',
        { FunctionName: target, InvocationType: 'Event', Payload: Buffer.from(body) },
        as,
      );
    } else if (arn.service === 'sqs') {
      const QueueUrl = `https://sqs.${arn.region}.amazonaws.com/${arn.accountId}/${arn.resource}`;
      await this.world.call('sqs', 'SendMessage', { QueueUrl, MessageBody: body }, as);
    } else if (arn.service === 'sns') {
      await this.world.call(
        'sns',
        'Publish',
        { TopicArn: target, Message: body, Subject: 'Amazon S3 Notification' },
        as,
      );
    }
  }
}
