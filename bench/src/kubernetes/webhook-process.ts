import { createHttpClient, type Fetch } from '@drawbridge/kit';
import { createTokenReviewWebhook, parseAudienceMap } from '@drawbridge/kubernetes';
import { parseApplicationKey } from '@drawbridge/zitadel';

/** What the webhook of a benchmark is told, as its first argument. */
export interface WebhookSettings {
  readonly issuer: string;
  readonly applicationKey: string;
  readonly audience: string;
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
}

/** What it has used and asked since it started. */
export interface WebhookUse {
  /** Time on the processor, in seconds. */
  readonly cpu: number;
  /** Resident memory in bytes. */
  readonly memory: number;
  /** Introspections. */
  readonly questions: number;
}

/** Runs the webhook in a process of its own, so that its time and memory are not the load generator's. */
const { issuer, applicationKey, audience, tls } = JSON.parse(process.argv[2] ?? '{}') as WebhookSettings;
const http = createHttpClient();
let questions = 0;
const counting: Fetch = (input, init) => {
  if (String(input).endsWith('/introspect')) questions += 1;
  return http.fetch(input, init);
};
const webhook = await createTokenReviewWebhook({
  issuer,
  client: parseApplicationKey(applicationKey),
  http: { fetch: counting },
  audiences: parseAudienceMap([audience]),
  port: 0,
  ...(tls ? { tls } : {}),
});
await webhook.start();
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  const use: WebhookUse = { cpu: (user + system) / 1e6, memory: process.memoryUsage.rss(), questions };
  process.send?.(use);
});
process.once('disconnect', () => {
  void webhook
    .stop()
    .then(() => http.close())
    .then(() => process.exit(0));
});
process.send?.({ url: webhook.url });
