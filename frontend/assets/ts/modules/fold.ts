// Folds a <details> on narrow screens, where it would push the results down; without JavaScript it stays open.

const NARROW = "(width < 64rem)";

export function fold(element: HTMLElement): void {
  if (element instanceof HTMLDetailsElement && matchMedia(NARROW).matches) element.open = false;
}
