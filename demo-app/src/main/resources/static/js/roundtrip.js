import { sameData } from "./bytes.js";

const LIMIT = 64;

/** Finds the frame that a received one echoes, and how long it was away. */
export class RoundTrips {

	#away = [];

	/** Milliseconds since the same payload was sent, or undefined when it was not. */
	frame({ direction, data }) {
		const now = performance.now();
		if (direction === "sent") {
			this.#away.push({ data, now });
			this.#away.splice(0, this.#away.length - LIMIT);
			return undefined;
		}
		const index = this.#away.findIndex((sent) => sameData(sent.data, data));
		return index < 0 ? undefined : now - this.#away.splice(index, 1)[0].now;
	}

	clear() {
		this.#away = [];
	}

}
