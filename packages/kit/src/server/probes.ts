import type { FastifyInstance } from 'fastify';
import { type Logger, silentLogger } from '../log/index.ts';
import type { Metrics } from '../metrics/index.ts';

/** A condition of readiness. Resolves when it holds, throws when not. */
export type Check = (signal: AbortSignal) => Promise<void>;

const checkMs = 2_000;

interface ProbeOptions {
  readonly checks: Readonly<Record<string, Check>>;
  readonly isStopping: () => boolean;
  readonly metrics: Metrics | undefined;
  readonly logger?: Logger;
}

/** `/livez` says that the process runs, `/readyz` that its checks hold, `/metrics` what it counted. */
export function addProbes(app: FastifyInstance, options: ProbeOptions): void {
  const { checks, isStopping, metrics, logger = silentLogger } = options;
  const quiet = { logLevel: 'debug' } as const;
  app.get('/livez', quiet, async () => ({ status: 'ok' }));

  app.get('/readyz', quiet, async (_request, reply) => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await holds(name, check, logger)] as const),
    );
    const failed = results.filter(([, held]) => !held).map(([name]) => name);
    const ready = failed.length === 0 && !isStopping();
    // Which check failed is said, why is only logged: probes are open to whoever reaches the port.
    return reply.status(ready ? 200 : 503).send({
      status: ready ? 'ok' : isStopping() ? 'stopping' : 'not ready',
      checks: Object.fromEntries(results.map(([name, held]) => [name, held ? 'ok' : 'failed'])),
    });
  });

  if (metrics) {
    app.get('/metrics', quiet, async (_request, reply) =>
      reply.header('content-type', metrics.contentType).send(await metrics.text()),
    );
  }
}

async function holds(name: string, check: Check, logger: Logger): Promise<boolean> {
  const deadline = AbortSignal.timeout(checkMs);
  const late = new Promise<never>((_resolve, reject) => {
    deadline.addEventListener('abort', () => reject(deadline.reason), { once: true });
  });
  try {
    await Promise.race([Promise.resolve().then(() => check(deadline)), late]);
    return true;
  } catch (error) {
    logger.warn({ check: name, err: error }, 'readiness check failed');
    return false;
  }
}
