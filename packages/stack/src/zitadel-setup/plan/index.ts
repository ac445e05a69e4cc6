export { planZitadelSetup, type ZitadelSetupOptions, type ZitadelSetupPlan } from './plan.ts';
export type { ForeignObject, Present, SetupChange } from './planning.ts';
