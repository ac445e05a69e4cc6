import { expect, it, vi } from 'vitest';
import { databases } from '../support/databases.ts';
import { call, openDirectoryOn, openWorld } from '../support/world.ts';

it.each(databases)(
  'a directory stops while an import waits for Zitadel, whose job came back to it without end, on $name',
  async (kind) => {
    const world = await openWorld();
    const { location, close } = await kind.location();
    const directory = await openDirectoryOn(world, location);
    await directory.start();
    try {
      const response = await fetch(`${directory.url}/api/imports?organization=north&fileName=people.csv`, {
        method: 'POST',
        headers: { authorization: 'Bearer root', 'content-type': 'text/csv' },
        body: 'email,given_name,family_name,role\na@north.example,G,F,user\n',
      });
      const { id } = (await response.json()) as { id: string };
      world.emulator.controls.outage = true;
      expect((await call(directory, 'root', 'POST', `/api/imports/${id}/start`, {})).status).toBe(202);
      await vi.waitFor(async () => {
        const { state } = await directory.database.db
          .selectFrom('import_rows')
          .select('state')
          .where('import_id', '=', id)
          .executeTakeFirstOrThrow();
        expect(state).toBe('started');
      });
      // Well within the ten seconds that jobs are given.
      const outcome = await Promise.race([
        directory.stop().then(() => 'stopped'),
        new Promise((resolve) => setTimeout(() => resolve('stands'), 9_000)),
      ]);
      expect(outcome).toBe('stopped');
    } finally {
      await directory.stop();
      world.emulator.controls.outage = false;
      await world.close();
      await close();
    }
  },
);
