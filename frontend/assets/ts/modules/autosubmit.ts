// Sends a filter form when one of its fields changes; the visible button stays for those without JavaScript.

export function autoSubmit(element: HTMLElement): void {
  const form = element as HTMLFormElement;
  form.addEventListener("change", (event) => {
    if ((event.target as HTMLElement).dataset["later"] === undefined) form.requestSubmit();
  });
}
