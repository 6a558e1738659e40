/** Time that passes when a test says so, and sockets that a test speaks for. */
export class ManualClock {
  #now = 0;
  #timers = new Map();
  #next = 1;

  constructor() {
    const sockets = (this.sockets = []);
    this.WebSocket = class {
      readyState = 0;
      sent = [];

      constructor(url) {
        this.url = url;
        sockets.push(this);
      }

      send(text) {
        this.sent.push(JSON.parse(text));
      }

      close() {
        this.readyState = 3;
      }

      /** The server's side of it. */
      opens() {
        this.readyState = 1;
        this.onopen?.();
      }

      says(frame) {
        this.onmessage?.({ data: typeof frame === "string" ? frame : JSON.stringify(frame) });
      }

      closes(code, reason = "") {
        this.readyState = 3;
        this.onclose?.({ code, reason });
      }
    };
  }

  now = () => this.#now;
  random = () => 0.5;

  setTimeout = (run, ms) => {
    this.#timers.set(this.#next, { run, at: this.#now + ms });
    return this.#next++;
  };

  clearTimeout = (timer) => this.#timers.delete(timer);

  get waiting() {
    return this.#timers.size;
  }

  get socket() {
    return this.sockets.at(-1);
  }

  /** Lets time pass until another socket is opened. @returns {number} ms it took */
  untilNext(step_ms = 125) {
    const before = this.#now;
    const sockets = this.sockets.length;
    while (this.sockets.length === sockets) this.pass(step_ms);
    return this.#now - before;
  }

  /** Lets time pass, timer by timer. */
  pass(ms) {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, one], [, other]) => one.at - other.at)[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.#now = due[1].at;
      due[1].run();
    }
    this.#now = end;
  }
}
