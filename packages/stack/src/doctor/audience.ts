import { createVerifier } from '@drawbridge/zitadel';
import type { DoctorCheck } from './patient.ts';

/** The application project is there: Zitadel puts any id into a token's audience, whether there is such a project or not. */
export const projectCheck: DoctorCheck = {
  name: 'project',
  needs: ['roles'],
  async run({ zitadel, projectId, signal }) {
    if (projectId === undefined)
      return { state: 'skip', text: 'no application project is set (DRAWBRIDGE_PROJECT_ID)' };
    const project = await (await zitadel()).projects.find(projectId, { signal });
    if (!project) {
      return {
        state: 'fail',
        text: `Zitadel shows no project ${projectId}`,
        means: 'tokens are asked for with an audience that nobody is',
        fix: 'set DRAWBRIDGE_PROJECT_ID to the id that the project has in Zitadel, or give the account a role in it',
      };
    }
    return { state: 'ok', text: `tokens are for ${project.name ?? projectId}` };
  },
};

/** The application that is asked about tokens is accepted, and is told that one for the project is live. */
export const audienceCheck: DoctorCheck = {
  name: 'audience',
  needs: ['token', 'project', 'jwks', 'key cache'],
  async run({ issuer, fetch, application, projectId, projectToken, signal }) {
    if (application === undefined || projectId === undefined)
      return { state: 'skip', text: 'no application key is set (DRAWBRIDGE_APPLICATION_KEY_PATH)' };
    const verifier = createVerifier({
      issuer,
      audience: projectId,
      client: await application(),
      http: { fetch },
      // Whether plain http is fine is for the check of the certificate to say.
      allowInsecure: true,
    });
    const answer = await verifier.verify(await projectToken(signal), { signal });
    if (answer.active) return { state: 'ok', text: 'the application is told of tokens for its project' };
    const where =
      answer.reason === 'inactive'
        ? {
            means:
              'the application is of another project: Zitadel says "inactive" of every token that is not for its own',
            fix: `create a key for an API application in project ${projectId}, and put it at DRAWBRIDGE_APPLICATION_KEY_PATH`,
          }
        : {
            means: 'every token of that kind is refused',
            fix: `ask for tokens with the scope urn:zitadel:iam:org:project:id:${projectId}:aud`,
          };
    return {
      state: 'fail',
      text: `a token for project ${projectId} is refused (${answer.reason})`,
      ...where,
    };
  },
};
