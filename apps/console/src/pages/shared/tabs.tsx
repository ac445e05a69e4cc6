import { Link } from '@tanstack/react-router';

export interface Tab {
  readonly label: string;
  readonly path: string;
}

/** Views of one thing, each with its own address. */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <Link key={tab.path} to={tab.path} activeOptions={{ includeSearch: false }} replace>
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
