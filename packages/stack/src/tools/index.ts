export { createHelm, type Helm, type HelmOptions, hooksMs, type Release, releaseTaken } from './helm.ts';
export { createK3d, type K3d, type K3dCluster } from './k3d.ts';
export type { ProgramCall } from './program.ts';
export { untilNothingUnderWay } from './under-way.ts';
