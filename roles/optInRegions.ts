/** Regions that an account has to opt in to. Source: Account Management reference guide, "Specify which AWS Regions your account can use". */
const optInRegions: ReadonlySet<string> = new Set([
  'af-south-1',
  'ap-east-1',
  'ap-east-2',
  'ap-south-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-west-1',
  'eu-central-2',
  'eu-south-1',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'mx-central-1',
]);

/** Those of the regions that need opting in; all that AWS has when it is not known yet which ones are meant. */
export function optInRegionsAmong(regions: readonly string[] | 'all', partition: string): string[] {
  if (regions === 'all') {
    return partition === 'aws' ? [...optInRegions] : [];
  }
  return regions.filter((region) => optInRegions.has(region)).sort();
}
