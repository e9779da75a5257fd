// Fills longitude and latitude from the device, if the person allows it, and sends the form.

export function near(element: HTMLElement): void {
  const form = element.closest("form");
  const lon = form?.querySelector<HTMLInputElement>(element.dataset["lon"] ?? "");
  const lat = form?.querySelector<HTMLInputElement>(element.dataset["lat"] ?? "");
  if (!form || !lon || !lat) return;
  element.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        lon.value = coords.longitude.toFixed(4);
        lat.value = coords.latitude.toFixed(4);
        form.requestSubmit();
      },
      () => (element.textContent = element.dataset["refused"] ?? ""),
    );
  });
}
