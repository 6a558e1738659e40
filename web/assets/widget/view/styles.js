/** One source of tokens for console and widget; relative to this module, so that one content hash covers all. */
const files = ["../../shared/tokens.css", "../panel.css"];

/**
 * Puts the widget's style sheets on a shadow root.
 *
 * They are plain CSS files, fetched (`connect-src`, which the chat needs anyway) and constructed, so a site's `style-src`
 * has no say. Where style sheets cannot be constructed, a `<style>` with the script's nonce stands in.
 *
 * @param {ShadowRoot} root
 * @param {string} nonce
 * @param {string} own Declarations of the workspace's, over the tokens.
 */
export async function applyStyles(root, nonce, own) {
  const sheets = await Promise.all(files.map(async (file) => (await fetch(new URL(file, import.meta.url))).text()));
  sheets.splice(1, 0, `.theme{${own}}`);
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
