const HUE = "#a64f1d";
const MOST = 9;

/**
 * The mark with a number on it, as the address of a picture. Colours are our own and not the theme's: a tab strip has one of its own.
 *
 * @param {number} count 1 and more @param {boolean} [isOld] then it says that it does not know
 */
export function favicon(count, isOld = false) {
  const shown = isOld ? "?" : count > MOST ? `${MOST}+` : String(count);
  const size = shown.length > 1 ? 10 : 13;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><circle cx="10" cy="10" r="10" fill="${HUE}"/><text x="10" y="${size === 10 ? 13.5 : 14.6}" font-family="system-ui,sans-serif" font-size="${size}" font-weight="700" text-anchor="middle" fill="#fff">${shown}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
