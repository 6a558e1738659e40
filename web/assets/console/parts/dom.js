/**
 * An element that the template promises.
 *
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} [type]
 * @returns {T}
 */
export function byId(id, type) {
  const element = document.getElementById(id);
  if (!element || (type && !(element instanceof type))) throw new Error(`The page has no #${id}`);
  return /** @type {T} */ (element);
}

/** A fresh copy of a `<template>`'s only element. @param {string} id @returns {HTMLElement} */
export function clone(id) {
  const template = byId(id, HTMLTemplateElement);
  return /** @type {HTMLElement} */ (document.importNode(/** @type {Element} */ (template.content.firstElementChild), true));
}

/**
 * The part of a cloned template that bears `data-part`.
 *
 * @template {Element} [T=HTMLElement]
 * @param {Element} root @param {string} name @returns {T}
 */
export function part(root, name) {
  const found = root.querySelector(`[data-part="${name}"]`);
  if (!found) throw new Error(`The template has no part ${name}`);
  return /** @type {T} */ (found);
}

/** An address, also one in a sentence, may break where its parts end, not inside one. @param {Element} element @param {string} address */
export function setAddress(element, address) {
  if (element.textContent === address) return;
  const parts = address.split(/(?<=[@/?&](?![@/?&]))(?<!:\/\/)/);
  element.replaceChildren(...parts.flatMap((text, index) => (index ? [document.createElement("wbr"), text] : [text])));
}

/** Touch the text only when it differs: a needless change would be read aloud again. @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
