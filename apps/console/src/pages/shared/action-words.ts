import { capital } from '../../parts/index.ts';

/** "user.create" → "Create user"; "create-user waiting" → "Create user waiting". */
export function actionWords(action: string): string {
  const [object, verb] = action.split('.');
  const words = object && verb ? `${verb} ${object}` : action;
  return capital(words.replaceAll(/[-_]/g, ' '));
}
