// Keeps what is typed into a long form in this tab until it is sent, so that an expired session or a lost page loses nothing.

export type Kept = [name: string, value: string][];

const PREFIX = "kept:";
const SENT = "kept-sent";
const NOT_TEXT = new Set(["hidden", "password", "file", "checkbox", "radio", "submit", "button"]);

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** Return the typed fields that differ from what the page came with. */
export function changed(fields: { name: string; value: string; came: string }[]): Kept {
  return fields.filter(({ name, value, came }) => name !== "" && value !== came).map(({ name, value }) => [name, value]);
}

/** Return whether a page at `path` shows that the form sent from `sentFrom` arrived. */
export function arrived(sentFrom: string | null, path: string): boolean {
  return sentFrom !== null && path !== sentFrom && path !== "/login";
}

/** Drop what arrived; on a page for nobody in particular, drop all, so that the next person does not find it. */
export function forgetWhatArrived(isSignedIn: boolean): void {
  if (!isSignedIn && location.pathname !== "/login") {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  }
  const sentFrom = sessionStorage.getItem(SENT);
  if (sentFrom === null) return;
  if (arrived(sentFrom, location.pathname)) sessionStorage.removeItem(PREFIX + sentFrom);
  if (location.pathname !== "/login") sessionStorage.removeItem(SENT);
}

export function keep(form: HTMLElement): void {
  if (!(form instanceof HTMLFormElement)) return;
  const key = PREFIX + location.pathname;
  const fields = () => [...form.elements].filter((element): element is Field => isText(element));
  const came = new Map(fields().map((field) => [field.name, field.value]));
  const stored = JSON.parse(sessionStorage.getItem(key) ?? "[]") as Kept;
  const lost = stored.filter(([name, value]) => came.get(name) !== undefined && came.get(name) !== value);
  const isFresh = form.querySelector("[aria-invalid='true'], .form-errors") === null;
  if (isFresh && lost.length > 0) {
    for (const [name, value] of lost) fields().filter((field) => field.name === name).forEach((field) => (field.value = value));
    const notice = form.querySelector<HTMLTemplateElement>("template[data-kept]")?.content.cloneNode(true);
    if (notice) form.prepend(notice);
    form.querySelector("[data-forget]")?.addEventListener("click", () => {
      sessionStorage.removeItem(key);
      location.reload();
    });
  }
  form.addEventListener("input", () => {
    const typed = changed(fields().map(({ name, value }) => ({ name, value, came: came.get(name) ?? "" })));
    sessionStorage.setItem(key, JSON.stringify(typed));
  });
  form.addEventListener("submit", () => sessionStorage.setItem(SENT, location.pathname));
}

function isText(element: Element): boolean {
  if (element instanceof HTMLInputElement) return !NOT_TEXT.has(element.type);
  return element instanceof HTMLSelectElement ? !element.multiple : element instanceof HTMLTextAreaElement;
}
