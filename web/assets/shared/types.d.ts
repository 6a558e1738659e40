/** What widget and console share of the wire and of the browser. */

export interface Frame {
  type: string;
  [field: string]: any;
}

/** The parts of a browser that time and the network come from; tests bring their own. */
export interface Clock {
  now(): number;
  random(): number;
  setTimeout(run: () => void, ms: number): any;
  clearTimeout(timer: any): void;
}
