/**
 * Prints the API's OpenAPI document: the one that a running directory serves. A program of its own, since it loads the
 * packages from their sources: node --conditions=@drawbridge/source scripts/generate/openapi-document.ts
 */
import { openDirectory } from '../../packages/directory/src/index.ts';

const directory = await openDirectory({ database: { memory: true }, port: 0, env: {} });
await directory.start();
try {
  const response = await fetch(`${directory.url}/api/openapi.json`);
  process.stdout.write(JSON.stringify(await response.json()));
} finally {
  await directory.stop();
}
