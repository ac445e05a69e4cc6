export { databaseCluster } from './database.ts';
export { dnsOverride, ingressAlias } from './dns.ts';
export { k3dConfig } from './k3d.ts';
export { openbaoValues } from './openbao.ts';
export { relayObjects, relayUrls } from './relay.ts';
export { zitadelValues } from './zitadel.ts';
