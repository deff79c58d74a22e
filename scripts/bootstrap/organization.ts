/** The stack whose stack set plants execution roles in every present and future account of the organization. */
export const organizationStack = 'garrison-organization';
