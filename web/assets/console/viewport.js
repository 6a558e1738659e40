/** Where the keyboard covers the page instead of shrinking it (iOS), shrink it: the composer stays above the keyboard. */
export function startViewport() {
  const viewport = window.visualViewport;
  if (!viewport) return;
  viewport.addEventListener("resize", () => {
    const covered = innerHeight - viewport.height * viewport.scale > 80 && viewport.scale === 1;
    document.body.style.height = covered ? `${viewport.height}px` : "";
    if (covered) scrollTo(0, 0);
  });
}
