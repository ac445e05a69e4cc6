import { machineAccounts, projects, serviceAccounts, userDeactivations, users } from '@drawbridge/kubernetes';
import { startApiServer } from '../../../packages/kubernetes/test/support/api-server/index.ts';

/** A stand-in of kube-apiserver with Milo's kinds, until the parent lets go. */
const kinds = [users, userDeactivations, serviceAccounts, machineAccounts, projects].map((type) => ({
  ...type,
  status: true,
}));
const server = await startApiServer({ kinds });
process.send?.({ url: server.url });
process.once('disconnect', () => void server.stop());
