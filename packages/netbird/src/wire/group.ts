/** A group as the API shows it. Lists that are empty come as null. @see shared/management/http/api/openapi.yml */
export interface GroupBody {
  readonly id: string;
  readonly name: string;
  /** `api`: made by hand or by us; `jwt`: by a token's claim; `integration`: by a directory. */
  readonly issued?: 'api' | 'jwt' | 'integration';
  readonly peers: readonly { readonly id: string; readonly name: string }[] | null;
  readonly peers_count: number;
  readonly resources: readonly { readonly id: string; readonly type: string }[] | null;
  readonly resources_count: number;
}

/** Body of POST /api/groups and PUT /api/groups/{id}. A PUT without `peers` empties the group. */
export interface GroupRequestBody {
  readonly name: string;
  readonly peers?: readonly string[];
  readonly resources?: readonly { readonly id: string; readonly type: string }[];
}
