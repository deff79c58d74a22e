import type { LocalWorld } from '../core/localWorld';
import type { RawRequest } from '../core/service';
import type { Answer } from './answers';

/** Requests outside AWS's protocols, by the first segment of their path (`/_lambda/…`). */
export async function plainAnswer(world: LocalWorld, request: RawRequest): Promise<Answer | 'drop' | undefined> {
  const [, segment = ''] = request.path.split('/');
  const running = await world.registry.forPath(segment);
  const answer = await running?.service.http?.({ ...request, host: request.headers.host ?? '' });
  if (answer === 'drop') {
    return answer;
  }
  return answer && { status: answer.status, headers: { ...answer.headers }, body: answer.body ?? '' };
}
