export { type Paths, type PathsOptions, paths } from './paths.ts';
