// Refreshes the page of something that takes a while until it is through, keeping focus and place.
(() => {
  const id = "cb-batch";
  const wait = () => setTimeout(refresh, 3000);
  async function refresh() {
    const old = document.getElementById(id);
    // Whoever is inside a link there goes on undisturbed.
    if (old.contains(document.activeElement)) return wait();
    try {
      const response = await fetch(location.href);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.getElementById(id);
      if (!fresh) return wait();
      // The status stays the same element, so that screen readers hear it change.
      const status = old.querySelector("[role=status]");
      status.textContent = fresh.querySelector("[role=status]").textContent;
      fresh.querySelector("[role=status]").replaceWith(status);
      old.replaceWith(fresh);
      if (fresh.dataset.cbLeft !== "0") wait();
    } catch {
      wait();
    }
  }
  wait();
})();
