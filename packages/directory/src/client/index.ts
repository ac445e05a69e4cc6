/** The directory's API for programs and browsers: nothing in here needs Node. */
export type * from './api.ts';
export {
  type Asked,
  createDirectoryClient,
  type DirectoryClient,
  type DirectoryClientOptions,
  type Exchanged,
  type FetchLike,
  type RouteName,
} from './client.ts';
export { DirectoryProblem } from './problem.ts';
