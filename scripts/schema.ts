import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaFileName, schemaText } from '../organization/config/jsonSchema';

// `npm run schema`: writes garrison.schema.json, by which editors complete and check garrison.yaml.
writeFileSync(join(__dirname, '..', schemaFileName), schemaText());
