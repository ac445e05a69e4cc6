import type {
  Details,
  Empty,
  ListDetails,
  ListQuery,
  MetadataEntry,
  MetadataKeyFilter,
  MetadataValueFilter,
  PaginationRequest,
  TextQueryMethod,
  Timestamp,
} from './common.ts';

/** @see proto/zitadel/user/v2/user.proto */
export type UserState =
  | 'USER_STATE_UNSPECIFIED'
  | 'USER_STATE_ACTIVE'
  | 'USER_STATE_INACTIVE'
  | 'USER_STATE_DELETED'
  | 'USER_STATE_LOCKED'
  | 'USER_STATE_INITIAL';

/** As the user states it. */
export type Gender = 'GENDER_UNSPECIFIED' | 'GENDER_FEMALE' | 'GENDER_MALE' | 'GENDER_DIVERSE';

/** Which form the user's access tokens have; absent means BEARER, that is opaque. */
export type AccessTokenType = 'ACCESS_TOKEN_TYPE_BEARER' | 'ACCESS_TOKEN_TYPE_JWT';

/** Person or machine. */
export type UserType = 'TYPE_UNSPECIFIED' | 'TYPE_HUMAN' | 'TYPE_MACHINE';

/** What a list can be sorted by. */
export type UserFieldName =
  | 'USER_FIELD_NAME_UNSPECIFIED'
  | 'USER_FIELD_NAME_USER_NAME'
  | 'USER_FIELD_NAME_FIRST_NAME'
  | 'USER_FIELD_NAME_LAST_NAME'
  | 'USER_FIELD_NAME_NICK_NAME'
  | 'USER_FIELD_NAME_DISPLAY_NAME'
  | 'USER_FIELD_NAME_EMAIL'
  | 'USER_FIELD_NAME_STATE'
  | 'USER_FIELD_NAME_TYPE'
  | 'USER_FIELD_NAME_CREATION_DATE';

/** A person's names. */
export interface SetHumanProfile {
  givenName: string;
  familyName: string;
  nickName?: string;
  displayName?: string;
  preferredLanguage?: string;
  gender?: Gender;
}

/** A person's names as they are read. */
export interface HumanProfile extends Partial<SetHumanProfile> {
  avatarUrl?: string;
}

/** The template may hold `{{.Code}}`, `{{.UserID}}`, `{{.OrgID}}`. */
export interface SendEmailVerificationCode {
  urlTemplate?: string;
}

/** At most one of the three: a code mailed, a code returned, or a statement. `isVerified: false` creates no code at all. */
export interface SetHumanEmail {
  email: string;
  sendCode?: SendEmailVerificationCode;
  returnCode?: Empty;
  isVerified?: boolean;
}

/** A phone number and at most one of the three ways to verify it. */
export interface SetHumanPhone {
  phone: string;
  sendCode?: Empty;
  returnCode?: Empty;
  isVerified?: boolean;
}

/** A mail address as it is read. */
export interface HumanEmail {
  email?: string;
  isVerified?: boolean;
}

/** A phone number as it is read. */
export interface HumanPhone {
  phone?: string;
  isVerified?: boolean;
}

/** A password in clear. */
export interface Password {
  password: string;
  changeRequired?: boolean;
}

/** A password as its hash, in one of Zitadel's encodings. */
export interface HashedPassword {
  hash: string;
  changeRequired?: boolean;
}

/** An account at an external identity provider. */
export interface IdpLink {
  idpId: string;
  userId: string;
  userName?: string;
}

/** The human part of a user as it is read; its own id, state and names stay empty. */
export interface HumanUser {
  userId?: string;
  state?: UserState;
  username?: string;
  loginNames?: readonly string[];
  preferredLoginName?: string;
  profile?: HumanProfile;
  email?: HumanEmail;
  phone?: HumanPhone;
  passwordChangeRequired?: boolean;
  passwordChanged?: Timestamp;
  mfaInitSkipped?: Timestamp;
}

/** The machine part of a user as it is read. */
export interface MachineUser {
  name?: string;
  description?: string;
  hasSecret?: boolean;
  accessTokenType?: AccessTokenType;
}

/** A user as it is read. `details.resourceOwner` is its organization and stands nowhere else. */
export interface User {
  userId?: string;
  details?: Details;
  state?: UserState;
  username?: string;
  loginNames?: readonly string[];
  preferredLoginName?: string;
  human?: HumanUser;
  machine?: MachineUser;
}

/** Exactly one field is set. `orQuery`, `andQuery`, `notQuery` nest at most 20 deep. */
export interface UserSearchQuery {
  userNameQuery?: { userName?: string; method?: TextQueryMethod };
  firstNameQuery?: { firstName?: string; method?: TextQueryMethod };
  lastNameQuery?: { lastName?: string; method?: TextQueryMethod };
  nickNameQuery?: { nickName?: string; method?: TextQueryMethod };
  displayNameQuery?: { displayName?: string; method?: TextQueryMethod };
  emailQuery?: { emailAddress?: string; method?: TextQueryMethod };
  stateQuery?: { state?: UserState };
  typeQuery?: { type?: UserType };
  loginNameQuery?: { loginName?: string; method?: TextQueryMethod };
  inUserIdsQuery?: { userIds?: readonly string[] };
  orQuery?: { queries?: readonly UserSearchQuery[] };
  andQuery?: { queries?: readonly UserSearchQuery[] };
  notQuery?: { query?: UserSearchQuery };
  inUserEmailsQuery?: { userEmails?: readonly string[] };
  organizationIdQuery?: { organizationId?: string };
  phoneQuery?: { number?: string; method?: TextQueryMethod };
  metadataKeyFilter?: MetadataKeyFilter;
  metadataValueFilter?: MetadataValueFilter;
}

/** A person to be. */
export interface CreateHuman {
  profile: SetHumanProfile;
  email: SetHumanEmail;
  phone?: SetHumanPhone;
  password?: Password;
  hashedPassword?: HashedPassword;
  idpLinks?: readonly IdpLink[];
  totpSecret?: string;
  /** Deprecated by Zitadel; together with the request's own `metadata` it is refused. */
  metadata?: readonly MetadataEntry[];
}

/** A machine to be; access token types are known since 4.12, before all are opaque. */
export interface CreateMachine {
  name: string;
  description?: string;
  accessTokenType?: AccessTokenType;
}

/** What CreateUser takes. */
export interface CreateUserRequest {
  organizationId: string;
  userId?: string;
  username?: string;
  human?: CreateHuman;
  machine?: CreateMachine;
  metadata?: readonly MetadataEntry[];
}

/** What CreateUser answers. */
export interface CreateUserResponse {
  id?: string;
  creationDate?: Timestamp;
  emailCode?: string;
  phoneCode?: string;
}

/** Names one user; the form of most requests. */
export interface UserIdRequest {
  userId: string;
}

/** What GetUserByID answers. */
export interface GetUserByIdResponse {
  details?: Details;
  user?: User;
}

/** What ListUsers takes. */
export interface ListUsersRequest {
  query?: ListQuery;
  sortingColumn?: UserFieldName;
  queries?: readonly UserSearchQuery[];
}

/** What ListUsers answers. */
export interface ListUsersResponse {
  details?: ListDetails;
  sortingColumn?: UserFieldName;
  result?: readonly User[];
}

/** A new password, and what entitles to set it. */
export interface SetPassword {
  password?: Password;
  hashedPassword?: HashedPassword;
  currentPassword?: string;
  verificationCode?: string;
}

/** What UpdateUser takes. */
export interface UpdateUserRequest {
  userId: string;
  username?: string;
  human?: {
    profile?: Partial<SetHumanProfile>;
    email?: SetHumanEmail;
    phone?: SetHumanPhone;
    password?: SetPassword;
  };
  machine?: Partial<CreateMachine>;
  metadata?: readonly MetadataEntry[];
}

/** What UpdateUser answers. */
export interface UpdateUserResponse {
  changeDate?: Timestamp;
  emailCode?: string;
  phoneCode?: string;
}

/** Answer of deactivate, reactivate, lock, unlock and delete. */
export interface UserDetailsResponse {
  details?: Details;
}

/** What SetUserMetadata takes. */
export interface SetUserMetadataRequest {
  userId: string;
  metadata: readonly MetadataEntry[];
}

/** What ListUserMetadata takes. */
export interface ListUserMetadataRequest {
  userId: string;
  pagination?: PaginationRequest;
  filters?: readonly { keyFilter?: MetadataKeyFilter }[];
}

/** What DeleteUserMetadata takes. */
export interface DeleteUserMetadataRequest {
  userId: string;
  keys: readonly string[];
}
