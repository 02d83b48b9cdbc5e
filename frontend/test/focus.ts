/** Makes the focus work like in browsers: happy-dom ignores shadow roots, disabled buttons and dialogs. */

let deepest: Element | undefined;

/** Return the element in a shadow root that has the focus or contains it in its own shadow root. */
const activeWithin = (root: ShadowRoot): Element | null => {
  // The body has the focus after the focused element has left the page.
  if (document.activeElement === document.body) return null;
  let element = deepest;
  while (element) {
    const around = element.getRootNode();
    if (around === root) return element;
    element = around instanceof ShadowRoot ? around.host : undefined;
  }
  return null;
};

/** Return the element that has the focus, at any depth of shadow roots. */
export const focused = (): Element | null => {
  let { activeElement } = document;
  while (activeElement?.shadowRoot?.activeElement) ({ activeElement } = activeElement.shadowRoot);
  return activeElement;
};

const { matches, toggleAttribute } = Element.prototype;

const before = new WeakMap<HTMLDialogElement, HTMLElement>();

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
    // In browsers, an element that is disabled loses the focus.
    toggleAttribute(this: HTMLElement, name: string, force?: boolean): boolean {
      if (name === "disabled" && force && this.matches(":focus")) this.blur();
      return toggleAttribute.call(this, name, force);
    },
  });
  Object.assign(HTMLDialogElement.prototype, {
    showModal(this: HTMLDialogElement): void {
      before.set(this, focused() as HTMLElement);
      this.open = true;
    },
    // The focus is restored immediately, and the event is dispatched later.
    close(this: HTMLDialogElement): void {
      if (!this.open) return;
      this.open = false;
      before.get(this)?.focus();
      queueMicrotask(() => this.dispatchEvent(new Event("close")));
    },
  });
};
