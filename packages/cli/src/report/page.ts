import { escapeHtml } from "./escape.ts";

/** Trusted HTML, as opposed to text that still needs escaping. */
export interface Html {
  readonly html: string;
}

export function html(markup: string): Html {
  return { html: markup };
}

function inner(content: string | Html): string {
  return typeof content === "string" ? escapeHtml(content) : content.html;
}

export function section(title: string, ...content: readonly Html[]): Html {
  return html(`<section><h2>${escapeHtml(title)}</h2>${content.map((c) => c.html).join("\n")}</section>`);
}

export function paragraph(content: string | Html): Html {
  return html(`<p>${inner(content)}</p>`);
}

/** A paragraph that must not be overlooked. */
export function warning(text: string): Html {
  return html(`<p class="warn">${escapeHtml(text)}</p>`);
}

/** Pictures side by side, as many as the width holds. */
export function row(...content: readonly Html[]): Html {
  return html(`<div class="row">${content.map((c) => c.html).join("\n")}</div>`);
}

export function figure(picture: Html, caption: string | Html): Html {
  return html(`<figure>${picture.html}<figcaption>${inner(caption)}</figcaption></figure>`);
}

export function table(header: readonly string[], rows: readonly (readonly (string | Html)[])[]): Html {
  const head = header.map((cell) => `<th>${escapeHtml(cell)}</th>`).join("");
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${inner(cell)}</td>`).join("")}</tr>`).join("\n");
  return html(`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`);
}

/** Large numbers with a name under each: what a hurried reader takes away. */
export function keyFigures(entries: readonly { readonly value: string; readonly name: string }[]): Html {
  const cells = entries.map(
    ({ value, name }) => `<div class="key"><b>${escapeHtml(value)}</b><span>${escapeHtml(name)}</span></div>`,
  );
  return html(`<div class="keys">${cells.join("")}</div>`);
}

/** A PNG inside the page. */
export function embeddedPng(data: Uint8Array, alternative: string): Html {
  const base64 = Buffer.from(data).toString("base64");
  return html(`<img alt="${escapeHtml(alternative)}" src="data:image/png;base64,${base64}">`);
}

/** A JPEG inside the page. */
export function embeddedJpeg(data: Uint8Array, alternative: string): Html {
  const base64 = Buffer.from(data).toString("base64");
  return html(`<img alt="${escapeHtml(alternative)}" src="data:image/jpeg;base64,${base64}">`);
}

/** Small pictures in a grid, each a link to a larger one. */
export function gallery(
  entries: readonly { readonly thumbnail: Html; readonly href: string; readonly caption: Html }[],
): Html {
  const cells = entries.map(
    ({ thumbnail, href, caption }) =>
      `<figure><a href="${escapeHtml(href)}">${thumbnail.html}</a><figcaption>${caption.html}</figcaption></figure>`,
  );
  return html(`<div class="gallery">${cells.join("\n")}</div>`);
}

/** A picture that covers the page while the address ends in `#id`; a click anywhere closes it. Needs no script. */
export function lightbox(id: string, picture: Html, caption: string): Html {
  return html(
    `<div class="lightbox" id="${id}"><a href="#overlays" aria-label="close">${picture.html}<span>${escapeHtml(caption)}</span></a></div>`,
  );
}

/** Names and values of a form, in two columns; an empty value is a line to write on. */
export function form(entries: readonly { readonly name: string; readonly value: string }[]): Html {
  const rows = entries.map(
    ({ name, value }) => `<dt>${escapeHtml(name)}</dt><dd>${value === "" ? "&nbsp;" : escapeHtml(value)}</dd>`,
  );
  return html(`<dl class="form">${rows.join("\n")}</dl>`);
}

const STYLE = `
:root{color-scheme:light;--ink:#22262d;--soft:#5c6470;--line:#dfe3e8;--accent:#0072b2}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1120px;padding:28px 22px 60px;font:15px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif;color:var(--ink);background:#fff}
header{border-bottom:2px solid var(--ink);margin-bottom:22px;padding-bottom:10px}
h1{font-size:27px;margin:0 0 4px;letter-spacing:-.01em}
h2{font-size:19px;margin:34px 0 8px}
header p,figcaption,footer{color:var(--soft)}
header p{margin:0}
p{max-width:76ch;margin:8px 0}
.row{display:flex;flex-wrap:wrap;gap:20px;align-items:flex-start;margin:12px 0}
figure{margin:0;flex:0 1 auto;max-width:100%}
figure+figure{margin-top:18px}
.row figure{margin-top:0}
.row figure:has(img){flex:1 1 280px;max-width:calc(50% - 10px)}
figure img{display:block;max-width:100%;height:auto;border:1px solid var(--line)}
figure svg{max-width:100%;height:auto}
figcaption{font-size:13px;max-width:56ch;margin-top:4px}
.keys{display:flex;flex-wrap:wrap;gap:12px;margin:16px 0}
.key{border:1px solid var(--line);border-left:4px solid var(--accent);border-radius:4px;padding:8px 16px;min-width:150px}
.key b{display:block;font-size:22px;line-height:1.3}
.key span{font-size:13px;color:var(--soft)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;margin:10px 0;font-size:14px;font-variant-numeric:tabular-nums}
th,td{padding:5px 12px;border-bottom:1px solid var(--line);text-align:left}
td:not(:first-child){text-align:right}th:not(:first-child){text-align:right}
thead th{border-bottom:2px solid var(--ink);font-weight:600}
.nowrap td:not(:first-child),.worst td:nth-child(4){white-space:nowrap}
.worst td{vertical-align:top}
.worst td:first-child,.worst td:last-child,.worst th:last-child{text-align:left}
.worst td:last-child{min-width:340px}
.confusion td,.confusion th{text-align:center;border:1px solid var(--line);padding:6px 12px}
.confusion td:not(:first-child),.confusion th:not(:first-child){text-align:center}
.doubt{color:#b35c00;font-size:12px}
.warn{background:#fff6e5;border-left:4px solid #e69f00;padding:8px 14px;max-width:80ch}
.gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(200px,1fr));gap:16px;margin:12px 0}
.gallery figure{margin:0}
.gallery img{width:100%;height:180px;object-fit:cover}
.gallery figcaption{overflow-wrap:anywhere}
.lightbox{display:none;position:fixed;inset:0;background:rgba(20,22,26,.92);z-index:9;padding:24px}
.lightbox:target{display:flex;align-items:center;justify-content:center}
.lightbox a{color:#fff;text-decoration:none;text-align:center;max-width:100%}
.lightbox img{max-width:100%;max-height:calc(100vh - 90px);border:0;image-rendering:auto}
.lightbox span{display:block;margin-top:8px;font-size:13px}
.form{display:grid;grid-template-columns:minmax(130px,max-content) 1fr minmax(130px,max-content) 1fr;gap:6px 14px;margin:16px 0;max-width:100%}
.form dt{color:var(--soft)}
.form dd{margin:0;border-bottom:1px solid var(--line);min-height:1.55em;overflow-wrap:anywhere}
@media (max-width:700px){.form{grid-template-columns:max-content 1fr}}
footer{margin-top:44px;border-top:1px solid var(--line);padding-top:10px;font-size:13px}
code{background:#f3f5f7;padding:1px 5px;border-radius:3px}
@media print{body{max-width:none}.lightbox{display:none!important}section{break-inside:avoid-page}}
`;

export interface PageOptions {
  readonly title: string;
  readonly subtitle: string;
  readonly sections: readonly Html[];
  readonly footer: string;
}

/** A whole self-contained page: no script, no font, nothing loaded from elsewhere. */
export function page(options: PageOptions): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(options.title)}</title><style>${STYLE}</style></head>
<body>
<header><h1>${escapeHtml(options.title)}</h1><p>${escapeHtml(options.subtitle)}</p></header>
${options.sections.map((s) => s.html).join("\n")}
<footer>${escapeHtml(options.footer)}</footer>
</body></html>
`;
}
