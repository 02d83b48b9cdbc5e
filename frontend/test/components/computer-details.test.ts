import { beforeEach, describe, expect, test } from "vitest";
import "../../src/components/computer-details.js";
import type { ComputerDetails } from "../../src/components/computer-details.js";
import type { Details } from "../../src/state/details.js";
import { House, stopClock } from "../house.js";
import { all, drawn, texts } from "../mount.js";

const NOTHING: Details = {
  computer_name: null,
  computer_model: null,
  os_name: null,
  os_version: null,
  cpu: null,
  cpu_cores: null,
  memory_total: null,
  memory_free: null,
  disks: [],
  network_adapters: [],
  ip_addresses: [],
  ip_address: null,
  owner: null,
  user: null,
  linked_at: null,
  session_count: null,
  hardware_updated: null,
  agent_version: null,
  wake_problem: null,
};

const show = async (details: Partial<Details>): Promise<HTMLElement> => {
  const node = document.createElement("getscreen-computer-details") as ComputerDetails;
  Object.assign(node, { hass: new House().hass, details: { ...NOTHING, ...details } });
  document.body.append(node);
  await drawn(node);
  return node;
};

beforeEach(() => stopClock());

describe("The details of a computer", () => {
  test("show disks and memory as bars with the same values in words", async () => {
    const disks = [
      { label: "<b>C:", size: 262144, free: 13107 },
      { label: null, size: 1048576, free: 1048576 },
    ];
    const node = await show({ memory_total: 8192, memory_free: 4096, disks });
    const bars = all(node, "[role=meter]");
    const names = ["aria-label", "aria-valuemin", "aria-valuenow", "aria-valuemax", "aria-valuetext"];
    expect(bars.map((bar) => names.map((name) => bar.getAttribute(name)))).toEqual([
      ["Memory", "0", "50", "100", "4 GB of 8 GB used (50%)"],
      ["<b>C:", "0", "95", "100", "243 GB of 256 GB used (95%)"],
      ["Disk", "0", "0", "100", "0 MB of 1 TB used (0%)"],
    ]);
    expect(texts(node, ".level")[1]).toBe("<b>C: 243 GB of 256 GB used (95%)");
    expect(all(node, ".full")).toHaveLength(1);
  });

  test("skip unknown and impossible values", async () => {
    const node = await show({ memory_total: 8192, disks: [{ label: "D:", size: 0, free: 0 }] });
    expect([all(node, "[role=meter]"), texts(node, "dd")]).toEqual([[], []]);
  });

  test("show memory as empty if more is free than there is", async () => {
    const node = await show({ memory_total: 1024, memory_free: 2048 });
    expect(texts(node, ".amount")).toEqual(["0 MB of 1 GB used (0%)"]);
  });

  test("name the system, the machine, its addresses and its users", async () => {
    const node = await show({
      computer_name: "DESK-01",
      os_name: "Windows 11 Pro",
      cpu_cores: 6,
      ip_addresses: ["192.0.2.10", "192.0.2.11"],
      ip_address: "198.51.100.7",
      user: "<i>maria",
      session_count: 0,
      hardware_updated: "2026-06-15T10:00:00Z",
    });
    const labels = texts(node, "dt");
    const values = texts(node, "dd");
    expect(labels.map((label, index) => `${label}: ${values[index]}`)).toEqual([
      "Operating system: Windows 11 Pro",
      "Computer name: DESK-01",
      "Processor cores: 6",
      "IP addresses: 192.0.2.10, 192.0.2.11",
      "Public IP address: 198.51.100.7",
      "User: <i>maria",
      "Sessions: 0",
      "Hardware last updated: 2 hours ago",
    ]);
  });
});
