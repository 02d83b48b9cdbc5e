/** The focus as browsers have it: happy-dom's knows nothing of shadows, of buttons that are disabled, and of dialogs. */

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

/** Return the element that has the focus, in whichever shadow. */
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
    // A browser takes the focus from what is disabled.
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
    // The focus is back at once, and the event comes later.
    close(this: HTMLDialogElement): void {
      if (!this.open) return;
      this.open = false;
      before.get(this)?.focus();
      queueMicrotask(() => this.dispatchEvent(new Event("close")));
    },
  });
};
