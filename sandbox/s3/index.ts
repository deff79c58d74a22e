import * as schemas from '@aws-sdk/client-s3';
import type { ServiceFactory } from '../core/service';
import { authorization } from './authorization';
import { bucketOperations } from './buckets';
import { listOperations } from './listing';
import { multipartOperations } from './multipart';
import { Notifier } from './notifications';
import { readOperations } from './read';
import { settingOperations } from './settings';
import { Buckets } from './state';
import { trailDetails } from './trail';
import { writeOperations } from './write';

/** Amazon S3: buckets and their sub-resources, objects and their versions, uploads in parts, notifications. */
export const createS3: ServiceFactory = (world) => {
  const buckets = new Buckets(world);
  const notifier = new Notifier(world);
  return {
    signingNames: ['s3'],
    schemas,
    operations: {
      ...bucketOperations(buckets),
      ...settingOperations(buckets),
      ...readOperations(buckets),
      ...writeOperations(buckets, notifier),
      ...listOperations(buckets),
      ...multipartOperations(buckets, notifier),
    },
    authorize: (operation, input, context) => authorization(buckets, operation, input, context),
    trail: (call) => trailDetails(buckets, call),
  };
};
