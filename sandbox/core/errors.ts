/** An answer of the service that is an error, in the service's own shape and words. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';

  /**
   * @param code the error's name on the wire, such as `BadRequestException` or `NoSuchEntity`
   * @param status the HTTP status; taken from the error's schema when omitted, else 400
   * @param members further members of the error's shape, such as `{ Type: 'InvalidInputException' }`
   */
  constructor(
    readonly code: string,
    message: string,
    readonly status?: number,
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}
