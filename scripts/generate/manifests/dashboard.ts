import { grafanaPanel } from './panels.ts';
import { rows } from './rows.ts';

/** The dashboard: a file to import into Grafana 11 or newer. It asks for a Prometheus and names no other thing of an instance. */
export function dashboard(): string {
  let id = 0;
  let y = 0;
  const panels: object[] = [];
  for (const row of rows) {
    id += 1;
    panels.push({
      id,
      type: 'row',
      title: row.title,
      collapsed: false,
      gridPos: { h: 1, w: 24, x: 0, y },
      panels: [],
    });
    y += 1;
    const [w, h] = row.panels[0]?.stat ? [4, 4] : [8, 8];
    for (const [at, panel] of row.panels.entries()) {
      id += 1;
      const line = Math.floor((at * w) / 24);
      panels.push(grafanaPanel(panel, id, { h, w, x: (at * w) % 24, y: y + line * h }));
    }
    y += Math.ceil((row.panels.length * w) / 24) * h;
  }
  const document = {
    uid: 'drawbridge',
    title: 'Drawbridge',
    description: 'Directory, calls, events, Kubernetes and processes of Drawbridge.',
    tags: ['drawbridge', 'zitadel'],
    schemaVersion: 41,
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    timezone: 'browser',
    templating: { list: [variable('datasource'), variable('job')] },
    annotations: { list: [] },
    links: [],
    panels,
  };
  const text = JSON.stringify(document, undefined, 2);
  // Short lists on one line, as the formatter has them.
  return `${text.replaceAll(/\[\s+("[\w$]+"(?:,\s+"[\w$]+")*)\s+\]/g, (_all, list: string) => `[${list.replaceAll(/\s+/g, ' ')}]`)}\n`;
}

function variable(name: 'datasource' | 'job'): object {
  if (name === 'datasource')
    return { name, label: 'Prometheus', type: 'datasource', query: 'prometheus', refresh: 1 };
  const query = 'label_values(drawbridge_outbound_requests_total, job)';
  return {
    name,
    label: 'Job',
    type: 'query',
    datasource: { type: 'prometheus', uid: '$datasource' },
    definition: query,
    query: { query, refId: 'jobs' },
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: '.+',
    current: { text: ['All'], value: ['$__all'] },
  };
}
