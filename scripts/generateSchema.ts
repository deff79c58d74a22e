import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema } from '../organization/config';
import { projectRoot } from './paths';

// `npm run generate`: the published JSON Schema follows the schema in the code.
writeFileSync(join(projectRoot(), 'garrison.schema.json'), `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
