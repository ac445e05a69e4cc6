export { type CreateUserInput, createUserSaga } from './create-user/index.ts';
