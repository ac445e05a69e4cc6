import css from './step-list.module.css';

/** Where one is in a row of steps. */
export function StepList({ steps, at }: { readonly steps: readonly string[]; readonly at: number }) {
  return (
    <ol className={css.steps} aria-label="Steps">
      {steps.map((name, index) => (
        <li
          key={name}
          data-done={index + 1 < at}
          {...(index + 1 === at ? { 'aria-current': 'step' as const } : {})}
        >
          <span>{index + 1}</span> {name}
        </li>
      ))}
    </ol>
  );
}
