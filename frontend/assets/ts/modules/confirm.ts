// Asks before a form is sent by a button that carries data-confirm; without JavaScript the form is simply sent.

export function confirmBeforeSubmit(root: Document): void {
  const dialog = root.querySelector<HTMLDialogElement>("dialog#confirm");
  if (!dialog) return;
  let waiting: { form: HTMLFormElement; button: HTMLElement } | undefined;

  root.addEventListener("submit", (event) => {
    const button = (event as SubmitEvent).submitter;
    const question = button?.dataset["confirm"];
    if (!button || !question || button.dataset["confirmed"]) return;
    event.preventDefault();
    event.stopPropagation();
    waiting = { form: event.target as HTMLFormElement, button };
    dialog.querySelector("[data-question]")!.textContent = question;
    dialog.querySelector("[data-yes]")!.textContent = button.textContent?.trim() ?? "";
    dialog.showModal();
  }, { capture: true });

  dialog.addEventListener("close", () => {
    const asked = waiting;
    waiting = undefined;
    if (dialog.returnValue !== "yes" || !asked) return asked?.button.focus();
    asked.button.dataset["confirmed"] = "1";
    asked.form.requestSubmit(asked.button);
    delete asked.button.dataset["confirmed"];
  });
}
