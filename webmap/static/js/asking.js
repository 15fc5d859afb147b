/** Asking about one spot after another: of many asked in a hurry, the last one wins. */

import { load } from "./features.js";

const WAIT_MS = 500;
const DECIMALS = 5;

/**
 * Read a spot.
 *
 * @param {string} text such as `-1.25, 51.75`
 * @returns {[number, number] | null} longitude and latitude; null where it says none
 */
export function spotOf(text) {
  const parts = text.split(",").map((part) => (part.trim() ? Number(part) : NaN));
  if (parts.length !== 2 || !parts.every(Number.isFinite)) return null;
  const [lon, lat] = parts;
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : null;
}

/** Write a spot, to a metre. */
export function textOf([lon, lat]) {
  return `${Number(lon.toFixed(DECIMALS))},${Number(lat.toFixed(DECIMALS))}`;
}

/** Asks one question at a time. */
export class Asker {
  /**
   * @param {(spot: string, signal: AbortSignal) => Promise<object>} get
   * @param {(spot: string, answer: object) => void} answered
   * @param {(problem: Error) => void} failed
   */
  constructor(get, answered, failed) {
    Object.assign(this, { get, answered, failed, under: null, next: null });
  }

  /** Ask at once, and give up what is under way. */
  now(spot) {
    this.stop();
    this.start(spot);
  }

  /** Ask once what is under way has been answered; of those that wait, only the last is asked. */
  soon(spot) {
    if (this.under) this.next = spot;
    else this.start(spot);
  }

  stop() {
    this.under?.abort();
    this.under = this.next = null;
  }

  async start(spot) {
    const under = new AbortController();
    this.under = under;
    try {
      const answer = await this.get(spot, under.signal);
      if (this.under === under) this.answered(spot, answer);
    } catch (problem) {
      if (this.under === under) this.failed(problem);
    }
    if (this.under !== under) return;
    const { next } = this;
    this.under = this.next = null;
    if (next) this.start(next);
  }
}

/**
 * Make what fetches the reach of a spot, once the server has its streets in memory.
 *
 * @param {{url: string, bands: {minutes: number}[]}} config
 * @param {() => void} waiting called while the streets are getting ready
 * @param {typeof fetch} get
 * @param {() => string} mode says how people travel just now; "" as the study's people
 */
export function fetcher({ url, bands }, waiting, get = fetch, mode = () => "") {
  const minutes = bands.map((band) => band.minutes).join(",");
  let ready = false;
  return async (spot, signal) => {
    const ask = (address) => get(address, { signal });
    while (!ready) {
      ({ ready } = await load(`${url}/ready`, ask));
      if (ready) break;
      waiting();
      await new Promise((resume) => setTimeout(resume, WAIT_MS));
      signal.throwIfAborted();
    }
    const [lon, lat] = spot.split(",");
    const query = new URLSearchParams({ lon, lat, minutes });
    if (mode()) query.set("mode", mode());
    return load(`${url}?${query}`, ask);
  };
}
