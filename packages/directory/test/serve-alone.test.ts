import { describe, expect, it } from 'vitest';
import { databases } from './support/databases.ts';
import { ada, call, openDirectoryOn, openWorld } from './support/world.ts';

describe.each(databases)('a directory that serves and does not work, on $name', (kind) => {
  it('takes a request whose job is the first of its queue', async () => {
    const world = await openWorld();
    const own = await kind.location();
    const directory = await openDirectoryOn(world, own.location, { work: false });
    try {
      await directory.start();
      // On the one connection of PGlite, whatever pg-boss still has to look up would wait for this very request.
      const { status, body } = await call(directory, 'root', 'POST', '/api/users', ada);
      expect([status, (body.run as { state: string }).state]).toEqual([202, 'queued']);
    } finally {
      await directory.stop();
      await own.close();
      await world.close();
    }
  });
});
