// Runs in a page of the demo: measures the computers card with fictional computers. Times are in milliseconds.
window.bench = (() => {
  const GROUPS = ["Office", "Shop", "Workshop", "Servers", null];
  const SYSTEMS = ["win", "mac", "linux"];

  const computer = (count, number, change) => ({
    device_id: `d${number}`,
    agent_id: number,
    account: "e",
    name: `Computer ${(number * 7919) % count}`,
    group: GROUPS[number % GROUPS.length],
    online: number % 7 !== 0,
    last_seen: new Date(Date.now() - number * 60000).toISOString(),
    operating_system: SYSTEMS[number % SYSTEMS.length],
    agent_version: "3.9.2",
    favorite: number % 50 === 0,
    session: null,
    preview: null,
    disk_usage: 40,
    memory_usage: 50,
    transition: null,
    wakeable: true,
    attention: number % 40 === 0 ? ["offline_long"] : [],
    ...change,
  });
  const numbers = (count) => Array.from({ length: count }, (_, index) => index + 1);
  const computers = (count) => numbers(count).map((number) => computer(count, number));
  /** Returns 1 % of the computers, which go offline and online alternately. */
  const changes = (count, turn) =>
    numbers(Math.max(1, count / 100)).map((step) => computer(count, ((turn * 37 + step * 100) % count) + 1, { online: turn % 2 === 0 }));

  /** Returns a fake connection with what the card uses of Home Assistant's; `send` sends an event to the card. */
  const connect = (count) => {
    const terms = {};
    for (const number of numbers(count)) terms[`d${number}`] = [`HOST-${number}`, `10.0.${number >> 8}.${number & 255}`];
    const connection = {
      connected: true,
      addEventListener: () => undefined,
      sendMessagePromise: async ({ type }) => (type === "getscreen/computers/search_terms" ? { terms } : {}),
      subscribeMessage: async (callback, { type }) => {
        if (type === "getscreen/computers/subscribe") connection.send = callback;
        return async () => undefined;
      },
    };
    return connection;
  };

  const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const timed = async (work) => {
    await painted();
    const start = performance.now();
    work();
    await painted();
    return performance.now() - start;
  };
  /** Returns the time of the main thread's work, without the wait for the next frame. */
  const worked = async (card, work) => {
    await painted();
    const start = performance.now();
    work();
    await card.updateComplete;
    card.getBoundingClientRect();
    return performance.now() - start;
  };
  const deep = (root, found = []) => {
    for (const node of root.querySelectorAll("*")) {
      found.push(node);
      if (node.shadowRoot) deep(node.shadowRoot, found);
    }
    return found;
  };
  const rowsOf = (card) => deep(card.shadowRoot).filter(({ localName }) => localName === "getscreen-computer-row");

  const place = document.createElement("div");
  Object.assign(place.style, { position: "absolute", inset: "0 0 auto 0", zIndex: 9, background: "white" });

  const open = async (count) => {
    const connection = connect(count);
    const card = document.createElement("getscreen-card");
    card.setConfig({ type: "custom:getscreen-card", toolbar: true, pictures: false });
    const real = document.querySelector("home-assistant").hass;
    card.hass = { ...real, connection, config: { ...real.config, components: ["getscreen"] } };
    document.body.append(place);
    place.append(card);
    await painted();
    return { card, send: (computers) => connection.send({ computers, removed: [], available: { e: true } }), update: (computers) => connection.send({ computers, removed: [], available: {} }) };
  };

  /** Returns the time to paint a plain list with as many rows, texts and buttons. */
  const measurePlain = async (count) => {
    const all = computers(count);
    const list = document.createElement("ul");
    list.innerHTML = all
      .map(({ name }) => `<li><button>${name}<span>Online</span></button><div><button>Connect</button><button>Reboot</button></div></li>`)
      .join("");
    document.body.append(place);
    const time = await timed(() => place.append(list));
    list.remove();
    return time;
  };

  /** Measures a poll, and collects the rows that were updated although nothing in them changed. */
  const measurePoll = async ({ card, update }, count, turn, strangers) => {
    const changed = changes(count, turn);
    const ids = new Set(changed.map(({ device_id: id }) => id));
    const observer = new MutationObserver((records) => {
      for (const { target } of records) {
        const row = target.getRootNode().host;
        if (row?.localName === "getscreen-computer-row" && !ids.has(row.computer.device_id)) strangers.add(row.computer.device_id);
      }
    });
    const options = { subtree: true, childList: true, attributes: true, characterData: true };
    for (const row of rowsOf(card)) observer.observe(row.shadowRoot, options);
    const time = await worked(card, () => update(changed));
    await painted();
    observer.disconnect();
    return time;
  };

  const measureSearch = async ({ card }) => {
    const field = deep(card.shadowRoot).find(({ localName, type }) => localName === "input" && type === "search");
    field.focus();
    await painted();
    const times = [];
    for (const text of ["c", "co", "computer 2", "10.0.0.1", "host-17"]) {
      const type = () => {
        field.value = text;
        field.dispatchEvent(new Event("input"));
      };
      times.push(await timed(type));
    }
    return times;
  };

  const measure = async (count, rounds) => {
    const times = { least: [], first: [], search: [], poll: [] };
    const strangers = new Set();
    let nodes = 0;
    for (let round = 0; round < rounds; round++) {
      times.least.push(await measurePlain(count));
      const opened = await open(count);
      const all = computers(count);
      times.first.push(await timed(() => opened.send(all)));
      if (!rowsOf(opened.card).length) throw new Error("No rows");
      await new Promise((resolve) => setTimeout(resolve, 300));
      nodes = Math.max(nodes, deep(opened.card.shadowRoot).length);
      for (let turn = 0; turn < 10; turn++) times.poll.push(await measurePoll(opened, count, turn, strangers));
      times.search.push(...(await measureSearch(opened)));
      opened.card.remove();
    }
    const median = (values) => [...values].sort((one, other) => one - other)[values.length >> 1];
    const medians = {};
    for (const [name, values] of Object.entries(times)) medians[name] = median(values);
    return { ...medians, nodes, strangers: strangers.size };
  };

  let grown;
  /** Shows a card for `grow`, which sends polls while the list is scrolled. */
  const startGrowing = async (count) => {
    grown = { count, turn: 0, ...(await open(count)) };
    grown.send(computers(count));
  };
  const grow = async (polls) => {
    for (let poll = 0; poll < polls; poll++) {
      grown.turn += 1;
      grown.update(changes(grown.count, grown.turn));
      window.scrollTo(0, (grown.turn * 977) % 20000);
      await painted();
    }
  };
  const endGrowing = () => grown.card.remove();

  return { measure, startGrowing, grow, endGrowing };
})();
