/** What a container that waits for its image is called by the kubelet. */
const words = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);

/** Whether a container waits for an image that it does not get. */
export function isImageTrouble(reason: string): boolean {
  return words.has(reason);
}

const causes: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/toomanyrequests|429|rate limit/i, 'the registry limits how often it may be asked without a sign-in'],
  [/manifest unknown|not found/i, 'the registry has no such image or tag'],
  [
    /no such host|i\/o timeout|connection refused|network is unreachable|connection reset|TLS handshake|x509|deadline exceeded/i,
    'the node does not reach the registry',
  ],
  [
    /unauthorized|denied|authorization failed|authentication required/i,
    'the registry wants a sign-in, or has no such image',
  ],
  [/no space left/i, 'the disk of the node is full'],
  [/no match for platform|exec format/i, 'there is no such image for the processor of the node'],
  [/invalid reference format|couldn't parse image/i, 'that is no name of an image'],
];

/** Why a pull failed likely, as far as the words tell. */
export function whyNotPulled(words: string): string | undefined {
  return causes.find(([pattern]) => pattern.test(words))?.[1];
}

/** What helps against it, where that is not merely another name of an image. */
export function pullByHand(words: string, image: string): string | undefined {
  return /toomanyrequests|429|rate limit|no such host|i\/o timeout|connection refused|unreachable|deadline exceeded/i.test(
    words,
  )
    ? `Pull it here and put it onto the node: docker pull ${image}, then k3d image import ${image}.`
    : undefined;
}
