// Light or dark: as chosen on the reading pages, else as the system is.

// Calls apply(dark) now and whenever the system changes.
export const followTheme = (apply) => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const update = () => {
    const chosen = localStorage.getItem("mode"); // where the reading pages keep it
    const dark = ["light", "dark"].includes(chosen) ? chosen === "dark" : system.matches;
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    apply(dark);
  };
  system.addEventListener("change", update);
  update();
};
