// Starts the page: htmx, then each [data-module] once, on load and after every swap.
import htmx from "htmx.org";
import { confirmBeforeSubmit } from "./modules/confirm.ts";
import { dismissable } from "./modules/dismiss.ts";
import { followChanges } from "./modules/live.ts";
import { near } from "./modules/near.ts";
import { fold } from "./modules/fold.ts";
import { rows } from "./modules/rows.ts";
import { copyButton } from "./modules/copy.ts";
import { forgetWhatArrived, keep } from "./modules/keep.ts";
import { printButton } from "./modules/print.ts";
import { leadToFault, sendOnce } from "./modules/sending.ts";

type Mount = (element: HTMLElement) => void | Promise<void>;

const modules: Record<string, Mount> = {
  copy: copyButton,
  keep,
  near,
  print: printButton,
  fold,
  rows,
  map: async (element) => (await import("./modules/map.ts")).map(element),
  place: async (element) => (await import("./modules/place.ts")).place(element),
  "own-check": async (element) => (await import("./modules/own-check.ts")).ownCheck(element),
  chart: async (element) => (await import("./modules/chart.ts")).chart(element),
};

htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.historyCacheSize = 0;
htmx.config.scrollBehavior = "auto";

const mounted = new WeakSet<Element>();

function mountAll(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>("[data-module]")) {
    const mount = modules[element.dataset["module"] ?? ""];
    if (!mount || mounted.has(element)) continue;
    mounted.add(element);
    void mount(element);
  }
}

document.documentElement.classList.add("js");
forgetWhatArrived("live" in document.documentElement.dataset);
mountAll(document);
confirmBeforeSubmit(document);
dismissable(document);
sendOnce(document);
leadToFault(document);
followChanges(document.documentElement);
document.addEventListener("htmx:afterSettle", (event) => mountAll((event.target as Element | null)?.parentNode ?? document));
