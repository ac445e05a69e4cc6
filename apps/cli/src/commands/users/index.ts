export { activateUser, changeUser, deactivateUser, deleteUser, inviteUser } from './change.ts';
export { createUser } from './create.ts';
export { importUsers } from './import.ts';
export { listUsers } from './list.ts';
export { userSessions } from './sessions.ts';
export { showUser } from './show.ts';
