import { expect, it } from 'vitest';
import { application, emulatorForTests, project } from './support.ts';

const { emulator, call } = emulatorForTests();

it('an application with an id that another project of the instance uses is made, and never shown', async () => {
  const { organizationId } = emulator.bootstrap;
  const apiConfiguration = { authMethodType: 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT' };
  const clients: unknown[] = [];
  for (const projectId of ['first', 'second']) {
    await call(project('CreateProject'), { organizationId, projectId, name: projectId });
    const made = await call(application('CreateApplication'), {
      projectId,
      applicationId: 'shared',
      name: 'API',
      apiConfiguration,
    });
    clients.push((made.body.apiConfiguration as { clientId: string }).clientId);
  }
  const listed = async (projectId: string) =>
    (await call(application('ListApplications'), { filters: [{ projectIdFilter: { projectId } }] })).body
      .applications;
  expect(await listed('first')).toEqual([
    expect.objectContaining({ apiConfiguration: expect.objectContaining({ clientId: clients[0] }) }),
  ]);
  expect(await listed('second')).toBeUndefined();
});
