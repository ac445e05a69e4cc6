import { optional, validators, withDefault } from '@drawbridge/kit';

/** What `drawbridge stack` is made with. */
export const stackSettings = {
  name: withDefault(validators.text(), 'drawbridge', {
    flag: 'name',
    env: ['DRAWBRIDGE_STACK_NAME'],
    key: 'stack.name',
    description: 'Name of the k3d cluster.',
  }),
  domain: withDefault(validators.text(), 'harmony.local', {
    flag: 'domain',
    env: ['DRAWBRIDGE_STACK_DOMAIN'],
    key: 'stack.domain',
    description: 'Zitadel is sso. before it, OpenBao bao. before it.',
  }),
  port: withDefault(validators.port(), 8_080, {
    flag: 'port',
    env: ['DRAWBRIDGE_STACK_PORT'],
    key: 'stack.port',
    description: 'The one port: of this machine, of the issuer, and in the cluster.',
  }),
  context: optional(validators.text(), {
    flag: 'context',
    env: ['DRAWBRIDGE_STACK_CONTEXT'],
    key: 'stack.context',
    description: 'A cluster that is there already, by its context. By default one is made with k3d.',
  }),
  kubeconfig: optional(validators.path(), {
    flag: 'kubeconfig',
    env: ['DRAWBRIDGE_STACK_KUBECONFIG'],
    key: 'stack.kubeconfig',
    description: 'Where that context is. By default what kubectl takes.',
  }),
  relayImage: optional(validators.text(), {
    flag: 'relay-image',
    env: ['DRAWBRIDGE_STACK_RELAY_IMAGE'],
    key: 'stack.relayImage',
    description: "Image of drawbridge that gives pods Zitadel's keys where CoreDNS does not lead them to it.",
  }),
};
