/** The lines of the list of computers: headings, rows, and rows of tiles. */

import type { Arrangement, Section } from "./arrangement.js";
import type { Computer } from "./fleet.js";

/** The heading of an expanded group, or the headings of collapsed groups side by side. */
export interface HeadingLine {
  readonly key: string;
  readonly size: number;
  readonly sections: readonly Section[];
  readonly isCollapsed: boolean;
}

export interface ComputersLine {
  readonly key: string;
  readonly size: number;
  readonly computers: readonly Computer[];
  /** Number of computers in the lines above. */
  readonly offset: number;
  /** Whether it is the first or the last of its section. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

export type ListLine = HeadingLine | ComputersLine;

export const isHeading = (line: ListLine): line is HeadingLine => "sections" in line;

/** The layout of the lines. Sizes are in pixels and estimated, because lines are measured only when they are drawn. */
export interface Layout {
  readonly columns: number;
  /** How many headings of collapsed groups fit side by side. */
  readonly headingColumns: number;
  readonly headingSize: number;
  readonly computersSize: number;
  isCollapsed(group: string): boolean;
}

/** Return the key of a group's heading, which cannot be a device id. */
export const headingKey = (group: string): string => `group:${group}`;

/** Return the keys of the parts of a line: keys of headings, or device ids. */
export const keysOf = (line: ListLine): string[] =>
  isHeading(line) ? line.sections.map(({ group }) => headingKey(group)) : line.computers.map(({ device_id: id }) => id);

export const linesOf = ({ sections, hasGroups }: Arrangement, layout: Layout): ListLine[] => {
  const lines: ListLine[] = [];
  let collapsed: Section[] = [];
  let offset = 0;
  const addCollapsed = (): void => {
    for (const row of inRows(collapsed, layout.headingColumns)) lines.push(headingLine(row, true, layout));
    collapsed = [];
  };
  for (const section of sections) {
    if (hasGroups && layout.isCollapsed(section.group)) {
      collapsed.push(section);
      continue;
    }
    addCollapsed();
    if (hasGroups) lines.push(headingLine([section], false, layout));
    const rows = inRows(section.computers, layout.columns);
    rows.forEach((computers, index) => {
      const [first] = computers;
      const edges = { isFirst: index === 0, isLast: index === rows.length - 1 };
      lines.push({ key: first?.device_id ?? "", size: layout.computersSize, computers, offset, ...edges });
      offset += computers.length;
    });
  }
  addCollapsed();
  return lines;
};

const headingLine = (sections: readonly Section[], isCollapsed: boolean, { headingSize: size }: Layout): HeadingLine => ({
  key: headingKey(sections[0]?.group ?? ""),
  size,
  sections,
  isCollapsed,
});

const inRows = <Item>(items: readonly Item[], columns: number): Item[][] => {
  const rows: Item[][] = [];
  for (let start = 0; start < items.length; start += columns) rows.push(items.slice(start, start + columns));
  return rows;
};
