import { PassThrough } from 'node:stream';
import { createConfigManager, defineConfig, promptSource, unsetSource } from '@drawbridge/config';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

/** A terminal: what was written to it, and a way to type. */
function terminal(isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode: () => undefined });
  const output = Object.assign(new PassThrough(), { isTTY });
  let shown = '';
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  return { input, output, shown: () => shown };
}

const untilShown = async (shown: () => string, text: string) => {
  while (!shown().includes(text)) await new Promise((resolve) => setImmediate(resolve));
};

describe('the prompt', () => {
  it('S59 asks for what nobody else has, one after the other, and does not show what is typed for a secret', async () => {
    const { input, output, shown } = terminal();
    const config = createConfigManager({
      sources: [unsetSource('OpenBao', 'OPENBAO_URL is not set'), promptSource({ input, output })],
    });
    const port = defineConfig('port', z.number(), { description: 'Where it listens.' });
    const pin = defineConfig('pin', z.string(), { secret: true });
    const both = config.getAll({ port, pin });
    await untilShown(shown, 'port (Where it listens.): ');
    expect(shown()).not.toContain('pin');
    input.write('8080\r');
    await untilShown(shown, 'pin, not shown while you type: ');
    input.write('007007\r');
    const values = await both;
    expect(values.port).toBe(8080);
    expect(values.pin.expose()).toBe('007007');
    expect(shown()).not.toContain('007007');
    await config.close();
  });

  it('asks nobody without a terminal, and for no explanation', async () => {
    const { input, output, shown } = terminal(false);
    const port = defineConfig('port', z.number());
    const piped = createConfigManager({ sources: [promptSource({ input, output })] });
    await expect(piped.get(port)).rejects.toMatchObject({
      code: 'config_missing',
      message: 'port is missing: prompt: there is no terminal to ask at.',
    });
    const real = terminal();
    const config = createConfigManager({ sources: [promptSource(real)] });
    expect(await config.explain(port)).toMatchObject({ state: 'missing' });
    expect(shown() + real.shown()).toBe('');
  });

  it('is given up by Ctrl-C, by the end of the input and by its signal', async () => {
    const port = defineConfig('port', z.number());
    const endings: readonly ((input: PassThrough, stop: AbortController) => unknown)[] = [
      (input) => input.write('\u0003'),
      (input) => input.end(),
      (_input, stop) => stop.abort(),
    ];
    for (const end of endings) {
      const { input, output, shown } = terminal();
      const config = createConfigManager({ sources: [promptSource({ input, output })] });
      const stop = new AbortController();
      const got = config.get(port, { signal: stop.signal });
      await untilShown(shown, 'port: ');
      end(input, stop);
      await expect(got).rejects.toMatchObject({ code: 'canceled' });
    }
  });
});
