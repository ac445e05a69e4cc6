export { writeKubeConfig } from './config.ts';
export { printCredential } from './credential.ts';
