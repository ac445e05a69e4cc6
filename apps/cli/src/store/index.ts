export { credentialOf } from './credential.ts';
export { type Definitions, loadDefinitions, targetOf } from './definitions.ts';
export { type GivenBack, giveBackTokens } from './give-back.ts';
export { exposed, fieldOf, type KeyPath, keyPathOf, parsedOf, textOf, withField } from './key.ts';
export { openStore, type Store } from './manager.ts';
export { type OpenedSession, openOpenbaoSession } from './session.ts';
