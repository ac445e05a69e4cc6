export { type BuiltinOptions, builtinWish, type SetupJob, setupJobs, type WishInput } from './builtin.ts';
export { checkWish, mergeWish, readWishFile, wishAsYaml } from './read.ts';
export type {
  WishedAccount,
  WishedApplication,
  WishedLifetimes,
  WishedProject,
  WishedTarget,
  ZitadelWish,
} from './schema.ts';
