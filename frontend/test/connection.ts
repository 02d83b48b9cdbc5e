/** A simulated websocket connection, which behaves like Home Assistant's library when the connection is lost. */

import type { Connection, ConnectionEvent } from "../src/home-assistant/types.js";

interface Open {
  message: { type: string };
  callback: (event: unknown) => void;
}

export class TestConnection implements Connection {
  connected = true;
  /** Every message that the server has received, in order. */
  readonly sent: object[] = [];
  /** Answers a subscription; throws or rejects to make it fail. */
  answer: () => unknown = () => undefined;
  /** Answers the end of a subscription. */
  answerEnd: () => unknown = () => undefined;
  /** Answers any other message; throws or rejects to make it fail. */
  answerMessage: (message: { type: string }) => unknown = () => undefined;
  /** How often the card has unsubscribed an id of an earlier connection, which may belong to another subscription now. */
  strayUnsubscribes = 0;
  private readonly listeners: [event: ConnectionEvent, listener: () => void][] = [];
  private subscriptions = new Set<Open>();

  /** The messages of the subscriptions that are open, in order. */
  get open(): object[] {
    return [...this.subscriptions].map(({ message }) => message);
  }

  /** Send an event to the open subscriptions of a type. */
  send(type: string, event: object): void {
    for (const { message, callback } of [...this.subscriptions]) if (message.type === type) callback(event);
  }

  disconnect(): void {
    this.connected = false;
    this.subscriptions = new Set();
    this.fire("disconnected");
  }

  reconnect(): void {
    this.connected = true;
    this.fire("ready");
  }

  async subscribeMessage<Event>(
    callback: (event: Event) => void,
    message: { type: string },
    { resubscribe }: { resubscribe: boolean },
  ): Promise<() => Promise<void>> {
    if (resubscribe) throw new Error("The library leaves a failure after the connection is back unhandled");
    const number = this.sent.push({ ...message });
    const { subscriptions } = this;
    const forever = new Promise<never>(() => undefined);
    if (!this.connected) return forever;
    await this.answer();
    // The answer never arrives if the connection was lost.
    if (subscriptions !== this.subscriptions) return forever;
    const opened: Open = { message: { ...message }, callback: callback as Open["callback"] };
    subscriptions.add(opened);
    Object.assign(message, { id: number });
    return async () => {
      if (!this.connected) return;
      if (!this.subscriptions.delete(opened)) this.strayUnsubscribes += 1;
      await this.answerEnd();
    };
  }

  async sendMessagePromise<Response>(message: { type: string }): Promise<Response> {
    this.sent.push({ ...message });
    return (await this.answerMessage(message)) as Response;
  }

  addEventListener(event: ConnectionEvent, listener: () => void): void {
    this.listeners.push([event, listener]);
  }

  private fire(fired: ConnectionEvent): void {
    for (const [event, listener] of this.listeners) if (event === fired) listener();
  }
}
