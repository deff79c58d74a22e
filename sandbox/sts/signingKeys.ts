import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { HttpRequest, HttpResponse } from '../core/service';

export type SigningAlgorithm = 'RS256' | 'ES384';

interface SigningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly jwk: object;
}

function newKey(algorithm: SigningAlgorithm): SigningKey {
  const { publicKey, privateKey } =
    algorithm === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2_048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const jwk = publicKey.export({ format: 'jwk' });
  const id = createHash('sha256').update(JSON.stringify(jwk)).digest('base64url').slice(0, 22);
  return { id, privateKey, jwk: { ...jwk, kid: id, alg: algorithm, use: 'sig' } };
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The keys with which STS signs web identity tokens; made when they are first needed. */
export class SigningKeys {
  private readonly keys = new Map<SigningAlgorithm, SigningKey>();

  private key(algorithm: SigningAlgorithm): SigningKey {
    const key = this.keys.get(algorithm) ?? newKey(algorithm);
    this.keys.set(algorithm, key);
    return key;
  }

  /** A signed JSON Web Token. */
  token(algorithm: SigningAlgorithm, claims: object): string {
    const { id, privateKey } = this.key(algorithm);
    const content = `${encoded({ alg: algorithm, kid: id, typ: 'JWT' })}.${encoded(claims)}`;
    const digest = algorithm === 'RS256' ? 'sha256' : 'sha384';
    const signature = sign(digest, Buffer.from(content), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return `${content}.${signature.toString('base64url')}`;
  }

  /** The public halves, as an issuer shows them under `/.well-known/jwks.json`. */
  published(): object {
    return { keys: [this.key('RS256').jwk, this.key('ES384').jwk] };
  }
}

/**
 * What verifiers read of an issuer: `/_sts/<the issuer's id>/.well-known/openid-configuration` and `…/jwks.json`.
 * On AWS both are under the issuer's own host.
 */
export function answerVerifier(keys: SigningKeys, request: HttpRequest): HttpResponse | undefined {
  const [, id, document] =
    /^\/_sts\/([\w-]+)\/\.well-known\/(openid-configuration|jwks\.json)$/.exec(request.path) ?? [];
  if (id === undefined) {
    return undefined;
  }
  const issuer = `https://${id}.tokens.sts.global.api.aws`;
  const configuration = {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256', 'ES384'],
  };
  const body = document === 'jwks.json' ? keys.published() : configuration;
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
