const reserved = /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/;

/** `AWSReservedSSO_AdministratorAccess_0123456789abcdef` → `AdministratorAccess`; absent for other roles. */
export function permissionSetOf(role: string | undefined): string | undefined {
  return reserved.exec(role ?? '')?.[1];
}

/** A role as people know it: a permission set of IAM Identity Center by its own name. */
export function roleAsKnown(role: string): string {
  return permissionSetOf(role) ?? role;
}
