import { z } from 'zod';
import { configSchema } from './root';

/** JSON Schema of `garrison.yaml`, for editors and other tools: what a person may write, defaults included. */
export function configJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });
  return { $schema, title: 'garrison.yaml', description: 'Configuration of Garrison.', ...schema };
}
