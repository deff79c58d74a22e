export { configJsonSchema } from './jsonSchema';
export { configProblem, loadConfig, parseConfig } from './load';
export { checkNames } from './named';
export { type RolesConfiguration, roleArn, roleNames } from './roles';
export { type Config, configSchema } from './root';
