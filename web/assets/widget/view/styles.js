/**
 * Puts the widget's style sheets on a shadow root.
 *
 * They come with the script and are constructed, so a site's `style-src` has no say. Where style sheets cannot be constructed, a `<style>`
 * with the script's nonce stands in.
 *
 * @param {ShadowRoot} root
 * @param {string} nonce
 * @param {string} own Declarations of the workspace's, over the tokens.
 */
export function applyStyles(root, nonce, own) {
  // One source of tokens for console and widget.
  const sheets = [contentOf("shared/tokens.css"), `.theme{${own}}`, contentOf("components/rich.css"), contentOf("widget/panel.css")];
  if ("adoptedStyleSheets" in root && "replaceSync" in CSSStyleSheet.prototype) {
    root.adoptedStyleSheets = sheets.map((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      return sheet;
    });
    return;
  }
  const style = document.createElement("style");
  style.nonce = nonce;
  style.textContent = sheets.join("\n");
  root.prepend(style);
}
