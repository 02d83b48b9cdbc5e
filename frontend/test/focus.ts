/** The focus as browsers have it: happy-dom's knows nothing of shadows, and leaves it on buttons that are disabled. */

let deepest: Element | undefined;

/** Return the element within a shadow that has the focus, or has it in a shadow of its own. */
const activeWithin = (root: ShadowRoot): Element | null => {
  // Where it is after the focused element has left the page.
  if (document.activeElement === document.body) return null;
  let element = deepest;
  while (element) {
    const around = element.getRootNode();
    if (around === root) return element;
    element = around instanceof ShadowRoot ? around.host : undefined;
  }
  return null;
};

const { matches, toggleAttribute } = Element.prototype;

export const installFocus = (): void => {
  document.addEventListener("focusin", (event) => {
    deepest = event.composedPath()[0] as Element;
  });
  Object.defineProperty(ShadowRoot.prototype, "activeElement", {
    configurable: true,
    get(this: ShadowRoot) {
      return activeWithin(this);
    },
  });
  Object.assign(Element.prototype, {
    matches(this: Element, selector: string): boolean {
      if (selector !== ":focus") return matches.call(this, selector);
      return (this.getRootNode() as Document | ShadowRoot).activeElement === this;
    },
    toggleAttribute(this: HTMLElement, name: string, force?: boolean): boolean {
      if (name === "disabled" && force && this.matches(":focus")) this.blur();
      return toggleAttribute.call(this, name, force);
    },
  });
};
