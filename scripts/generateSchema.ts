import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema } from '../organization/config';
import { projectRoot } from './paths';
import { verifyJsonSchema } from './verify/schema';

// `npm run generate`: the published JSON Schemas follow the schemas in the code.
const schemas = { 'garrison.schema.json': configJsonSchema(), 'docs/verify.schema.json': verifyJsonSchema() };
for (const [file, schema] of Object.entries(schemas)) {
  writeFileSync(join(projectRoot(), file), `${JSON.stringify(schema, null, 2)}\n`);
}
