export { type PodWait, waitForPodReady } from './pod.ts';
export { type Look, type Wait, type WaitOptions, waitFor } from './wait-for.ts';
export { type Watched, watching } from './watched.ts';
