/**
 * How late or early a token may come, in seconds. OpenBao's own default is 60; a token without `exp` is not taken at all, where OpenBao
 * would let it live for 150 s.
 */
export const leeways = {
  clockSkewSeconds: 30,
  expirationLeewaySeconds: -1,
  notBeforeLeewaySeconds: -1,
} as const;

/**
 * Reading and writing a folder of a KV engine, listing it, and nothing else. Deleting is deleting of the newest version, which can be
 * undeleted; destroying is not among it.
 */
export function folderPolicy(folder: string, kv = 'secret'): string {
  return `path "${kv}/data/${folder}/*" {
  capabilities = ["create", "read", "update", "patch", "delete"]
}

path "${kv}/metadata/${folder}/*" {
  capabilities = ["list"]
}
`;
}

/** Reading a folder, and nothing else. */
export function readerPolicy(folder: string, kv = 'secret'): string {
  return `path "${kv}/data/${folder}/*" {
  capabilities = ["read"]
}
`;
}
