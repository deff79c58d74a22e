import { type AllowedImages, type AllowedImagesChange, allowedImages, allowedImagesSetting } from './allowedImages';
import type { Tools } from './tools';
import { type Trial, tryEvent } from './trial';
import { readTrigger } from './trigger';
import { type UndoAnswer, undoResponse } from './undo';

/** What the operator asks the function, by a direct invocation. */
export type Asked =
  | { readonly try: { readonly event: unknown; readonly strategy?: string } }
  | { readonly undo: { readonly id: string; readonly by: string } }
  | {
      readonly allowedImages: {
        readonly places: readonly { readonly accountId: string; readonly region: string }[];
        readonly change?: AllowedImagesChange;
      };
    };

export type Answer =
  | { readonly trials: readonly Trial[] }
  | { readonly undo: UndoAnswer }
  | { readonly allowedImages: readonly AllowedImages[] }
  | { readonly refused: string };

/** How many accounts and regions are asked at once. */
const concurrency = 10;

/** Answers the operator. */
export async function answer(asked: Asked, tools: Tools): Promise<Answer> {
  const { settings, sessions } = tools;
  if ('try' in asked) {
    const trigger = readTrigger(asked.try.event, settings.partition);
    return trigger === undefined
      ? { refused: 'neither a CloudTrail record nor a finding' }
      : { trials: await tryEvent(trigger, settings, sessions, { now: tools.now(), strategy: asked.try.strategy }) };
  }
  if ('undo' in asked) {
    return { undo: await undoResponse(asked.undo.id, asked.undo.by, tools) };
  }
  if ('allowedImages' in asked) {
    const { places, change } = asked.allowedImages;
    const found: AllowedImages[] = [];
    for (let start = 0; start < places.length; start += concurrency) {
      const some = places.slice(start, start + concurrency).map((each) => ({ partition: settings.partition, ...each }));
      found.push(
        ...(await Promise.all(
          some.map((place) => allowedImages(sessions(allowedImagesSetting, place), place, change)),
        )),
      );
    }
    return { allowedImages: found };
  }
  return { refused: 'unknown question' };
}
