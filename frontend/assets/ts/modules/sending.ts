// Sends each form once however often its button is pressed, and leads to the first fault of a form that came back.

const REST_MS = 5000;

export function sendOnce(root: Document): void {
  let sent = new WeakMap<EventTarget, number>();
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !(form instanceof HTMLFormElement) || form.method !== "post") return;
    if (event.timeStamp - (sent.get(form) ?? -REST_MS) < REST_MS) return event.preventDefault();
    sent.set(form, event.timeStamp);
  });
  // A page that the back button brings out of memory may send again.
  addEventListener("pageshow", () => (sent = new WeakMap()));
}

export function leadToFault(root: Document): void {
  const at = root.querySelector<HTMLElement>("main [aria-invalid='true']:not([type='hidden'])") ?? root.querySelector<HTMLElement>("main .form-errors");
  for (let fold = at?.closest("details"); fold; fold = fold.parentElement?.closest("details")) fold.open = true;
  at?.focus();
}
