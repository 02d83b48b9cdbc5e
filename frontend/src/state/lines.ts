/** The lines of which the list of computers consists: headings, rows, and rows of tiles. */

import type { Arrangement, Section } from "./arrangement.js";
import type { Computer } from "./fleet.js";

export interface HeadingLine {
  readonly key: string;
  readonly size: number;
  readonly section: Section;
  readonly isCollapsed: boolean;
}

export interface ComputersLine {
  readonly key: string;
  readonly size: number;
  readonly computers: readonly Computer[];
  /** How many computers are shown before. */
  readonly offset: number;
  /** Whether it is the first or the last of its section. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

export type ListLine = HeadingLine | ComputersLine;

export const isHeading = (line: ListLine): line is HeadingLine => "section" in line;

/** How lines are laid out; sizes in pixels, as far as they are known before they are drawn. */
export interface Layout {
  readonly columns: number;
  readonly headingSize: number;
  readonly computersSize: number;
  isCollapsed(group: string): boolean;
}

/** Return the key of the heading of a group; no device id begins like it. */
export const headingKey = (group: string): string => `group:${group}`;

export const linesOf = ({ sections, hasGroups }: Arrangement, layout: Layout): ListLine[] => {
  const lines: ListLine[] = [];
  let offset = 0;
  for (const section of sections) {
    const isCollapsed = hasGroups && layout.isCollapsed(section.group);
    if (hasGroups) lines.push({ key: headingKey(section.group), size: layout.headingSize, section, isCollapsed });
    if (isCollapsed) continue;
    const { computers } = section;
    for (let start = 0; start < computers.length; start += layout.columns) {
      lines.push({
        key: computers[start]?.device_id ?? "",
        size: layout.computersSize,
        computers: computers.slice(start, start + layout.columns),
        offset: offset + start,
        isFirst: start === 0,
        isLast: start + layout.columns >= computers.length,
      });
    }
    offset += computers.length;
  }
  return lines;
};
