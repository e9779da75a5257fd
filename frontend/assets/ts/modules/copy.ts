// Copies the text of data-copy to the clipboard and says so.

export function copyButton(element: HTMLElement): void {
  element.addEventListener("click", () => {
    const before = element.textContent;
    void navigator.clipboard.writeText(element.dataset["copy"] ?? "").then(() => {
      element.textContent = element.dataset["done"] ?? before;
      setTimeout(() => (element.textContent = before), 1500);
    });
  });
}
