export { Acl, type Capability } from './acl.ts';
export { type PathRule, PolicySyntaxError, parsePolicy } from './hcl.ts';
export { JwtChecker, JwtRefusal } from './jwt.ts';
export { boundClaimsComplaint, claimAt } from './jwt-claims.ts';
export { hashPassword, isPassword } from './passwords.ts';
