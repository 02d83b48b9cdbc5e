/** Return the items of all lists in one list. A replacement for Array.flat, which the oldest supported browsers lack. */
export const flat = <Item>(lists: readonly (readonly Item[])[]): Item[] => ([] as Item[]).concat(...lists);
