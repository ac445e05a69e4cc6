import { labelsOf, nameOf, type Program, type RoleIn, type Rule } from './service.ts';
import { namespace, type Setting } from './values.ts';

const group = 'rbac.authorization.k8s.io';
const apiVersion = `${group}/v1`;

/** Who a program is to kube-apiserver, and what it may do there: what its code calls, and nothing else. */
export function access(program: Program): object[] {
  const { rules, clusterRoles, roles } = program;
  const name = nameOf(program);
  const subjects = [{ kind: 'ServiceAccount', name, namespace }];
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name, namespace, labels: labelsOf(program) },
      automountServiceAccountToken: false,
    },
    ...(rules.length === 0
      ? []
      : [clusterRole(program, name, rules), clusterBinding(program, name, name, subjects)]),
    ...clusterRoles.map((role) =>
      clusterBinding(program, `${name}:${role.replaceAll(':', '-')}`, role, subjects),
    ),
    ...roles.flatMap((role) => inNamespace(program, role, subjects)),
  ];
}

type Subjects = readonly { kind: string; name: string; namespace: Setting }[];

function clusterRole(program: Program, name: string, rules: readonly Rule[]): object {
  return { apiVersion, kind: 'ClusterRole', metadata: { name, labels: labelsOf(program) }, rules };
}

function clusterBinding(program: Program, name: string, role: string, subjects: Subjects): object {
  return {
    apiVersion,
    kind: 'ClusterRoleBinding',
    metadata: { name, labels: labelsOf(program) },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: role },
    subjects,
  };
}

function inNamespace(
  program: Program,
  { namespace: where, name, role, rules }: RoleIn,
  subjects: Subjects,
): object[] {
  const metadata = { name, namespace: where, labels: labelsOf(program) };
  return [
    ...(rules ? [{ apiVersion, kind: 'Role', metadata, rules }] : []),
    {
      apiVersion,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: group, kind: 'Role', name: role ?? name },
      subjects,
    },
  ];
}
