// Closes toasts by their button and after a while, and open menus by Escape or a click elsewhere.

const TOAST_MS = 8000;

export function dismissable(root: Document): void {
  for (const toast of root.querySelectorAll<HTMLElement>(".toast-item:not(.error)")) {
    let timer = setTimeout(() => toast.remove(), TOAST_MS);
    toast.addEventListener("pointerenter", () => clearTimeout(timer));
    toast.addEventListener("pointerleave", () => (timer = setTimeout(() => toast.remove(), TOAST_MS)));
  }
  root.addEventListener("click", (event) => {
    const target = event.target as Element;
    target.closest("[data-dismiss]")?.closest(".toast-item")?.remove();
    for (const menu of root.querySelectorAll<HTMLDetailsElement>("details.pop[open]")) {
      if (!menu.contains(target)) menu.open = false;
    }
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of root.querySelectorAll<HTMLDetailsElement>("details.pop[open]")) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}
