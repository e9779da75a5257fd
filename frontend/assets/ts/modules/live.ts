// Hears which things changed and asks the fragments that show them to fetch themselves again.

export type Change = { topic: string; [name: string]: string };

/** Return whether a fragment that follows `topics` (space separated, "order" covers "order.agreed") and `code` shows `change`. */
export function concerns(change: Change, topics: string, code: string): boolean {
  const followed = topics.split(/\s+/).some((topic) => change.topic === topic || change.topic.startsWith(`${topic}.`));
  return followed && (code === "" || Object.values(change).includes(code));
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

export function followChanges(page: HTMLElement, wait = FIRST_WAIT_MS): void {
  if (!page.dataset["live"]) return;
  const address = new URL(page.dataset["live"], location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(address);
  let next = Math.min(wait * 2, LONGEST_WAIT_MS);
  socket.addEventListener("open", () => {
    next = FIRST_WAIT_MS;
    // What happened between the page and its socket was told to nobody.
    for (const element of document.querySelectorAll<HTMLElement>("[data-follow][data-catch-up]")) {
      element.dispatchEvent(new CustomEvent("changed", { bubbles: false }));
    }
  });
  socket.addEventListener("message", (event) => {
    const change = JSON.parse(String(event.data)) as Change;
    for (const element of document.querySelectorAll<HTMLElement>("[data-follow]")) {
      if (concerns(change, element.dataset["follow"] ?? "", element.dataset["followCode"] ?? "")) {
        element.dispatchEvent(new CustomEvent("changed", { bubbles: false }));
      }
    }
  });
  socket.addEventListener("close", (event) => {
    if (event.code !== 4401) setTimeout(() => followChanges(page, next), wait);
  });
}
