// Adds rows to a list of like rows (hours, files, milestones) from its <template>, and removes them.
// The container carries data-prefix, and a management input `${prefix}-TOTAL_FORMS` as Django's formsets have it.

export function rows(element: HTMLElement): void {
  const template = element.querySelector<HTMLTemplateElement>("template");
  const total = element.querySelector<HTMLInputElement>(`[name="${element.dataset["prefix"]}-TOTAL_FORMS"]`);
  const list = element.querySelector<HTMLElement>("[data-rows]");
  if (!template || !total || !list) return;
  element.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (target.closest("[data-add]")) {
      const number = Number(total.value);
      const holder = document.createElement("template");
      holder.innerHTML = template.innerHTML.replaceAll("__prefix__", String(number));
      list.append(holder.content);
      total.value = String(number + 1);
      list.lastElementChild?.querySelector<HTMLElement>("input, select, textarea")?.focus();
    }
    const remove = target.closest("[data-remove]");
    const row = remove?.closest<HTMLElement>("[data-row]");
    if (row) {
      const flag = row.querySelector<HTMLInputElement>('input[name$="-DELETE"]');
      row.hidden = true;
      if (!flag) return;
      flag.checked = true;
      flag.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
}
