import { type Html, html } from './html.ts';

/** A part of the page that keeps itself up to date. */
export function section(id: string, title: string, content: readonly Html[]): Html {
  return html`<section id="${id}" class="wide" data-live aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>${content}</section>`;
}

export function table(heads: readonly string[], rows: readonly Html[]): Html {
  return html`<div class="scroll" tabindex="0"><table><thead><tr>${heads.map(
    (head) => html`<th scope="col">${head}</th>`,
  )}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** A moment in milliseconds since the epoch, shown as the time of day. */
export function time(ms: number): Html {
  const iso = new Date(ms).toISOString();
  return html`<time datetime="${iso}" title="${iso}">${iso.slice(11, 19)}</time>`;
}

/** The forms beside it. They work without script. */
export function side(title: string, problem: string | undefined, forms: readonly Html[]): Html {
  return html`<section id="trouble" class="side" aria-labelledby="trouble-title">
<h2 id="trouble-title">${title}</h2>
${problem !== undefined && html`<p role="alert">${problem}</p>`}
${forms}</section>`;
}

/** A form of switches, and the way back. */
export function switches(fieldsets: readonly Html[]): Html {
  return html`<form method="post" action="/emulator/page">${fieldsets}
<div class="buttons"><button name="do" value="save">Apply</button>
<button name="do" value="reset" class="second">Back to normal</button></div></form>`;
}

export function numberField(name: string, label: string, value: number, min?: number): Html {
  return html`<div class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="number"${min === undefined ? html`` : html` min="${min}"`} step="1" required value="${value}"></div>`;
}

export function checkField(name: string, label: string, explanation: string, on: boolean): Html {
  return html`<div class="check"><input id="${name}" name="${name}" type="checkbox"${on ? html` checked` : ''}
 aria-describedby="${name}-what"><label for="${name}">${label}</label><small id="${name}-what">${explanation}</small></div>`;
}
