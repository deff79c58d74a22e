export { AdministrationRole } from './administrationRole';
export {
  type AccountKind,
  administrationRoleArn,
  arnOfRole,
  namesOf,
  type OwnPermission,
  type Pair,
  type RoleContext,
} from './context';
export { addEventsRole } from './eventsRole';
export { ExecutionRole } from './executionRole';
export { MemberRole } from './memberRole';
export {
  attestationFunctionRoleName,
  attestationRoleNames,
  botFunctionRoleName,
  botWorkerRoleName,
  eventsRoleName,
  logFilesRoleName,
  notifierRoleName,
  responderFunctionRoleName,
  responderRoleName,
} from './names';
export { OperatorRole } from './operatorRole';
export { optInRegionsAmong } from './optInRegions';
export { findingsBucketName } from './permissions/findingsExport';
export { allow } from './permissions/statement';
export { pairsAdministeredIn, pairsExecutedIn } from './placement';
export { ResponderRole } from './responderRole';
export { addRole } from './role';
