// Opens the browser's own print dialogue, where "save as PDF" is found too.

export function printButton(element: HTMLElement): void {
  element.addEventListener("click", () => print());
}
