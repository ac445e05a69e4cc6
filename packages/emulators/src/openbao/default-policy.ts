/**
 * What every token may do unless it goes without the policy `default`: look at itself, renew and end itself, and ask what it may do.
 * Upstream's own holds more, which the emulator has no paths for (vault/policy/policy_store.go).
 */
export const defaultPolicy = `path "auth/token/lookup-self" {
  capabilities = ["read"]
}

path "auth/token/renew-self" {
  capabilities = ["update"]
}

path "auth/token/revoke-self" {
  capabilities = ["update"]
}

path "sys/capabilities-self" {
  capabilities = ["update"]
}
`;
