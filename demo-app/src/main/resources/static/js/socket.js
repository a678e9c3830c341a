/*
 * Copyright 2026-present the Halley authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

import { sizeOf } from "./bytes.js";
import { frameMoved, socketEnded, socketOpened } from "./traffic.js";

const FIRST_DELAY = 500;
const LONGEST_DELAY = 15_000;
const ATTEMPTS = 10;

/** After these another attempt would end in the same way, or was not wanted. */
const FINAL = new Set([1000, 1002, 1003, 1007, 1008, 1009, 1010, 1011]);

/** The address of an endpoint beside this page, whatever the context path. */
export function endpoint(path, query = {}) {
	const url = new URL(path, document.baseURI);
	url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
	url.search = new URLSearchParams(query);
	url.hash = "";
	return url.href;
}

/**
 * A WebSocket with a state, that can be opened again. States: `idle`, `connecting`, `open`, `closing`,
 * `closed` and, only with `reconnect`, `waiting` for the next attempt.
 *
 * Events: `state` {state, delay}, `open` {took, protocol, extensions}, `frame` {direction, data, type, size, at},
 * `close` {code, reason, clean, opened, after} and `refused` {error} when no attempt could even be made.
 */
export class Connection extends EventTarget {

	constructor(address, { protocols = () => [], reconnect = false } = {}) {
		super();
		this.address = address;
		this.protocols = protocols;
		this.reconnect = reconnect;
		this.state = "idle";
		this.failures = 0;
	}

	on(type, listener) {
		this.addEventListener(type, (event) => listener(event.detail));
		return this;
	}

	get isOpen() {
		return this.state === "open";
	}

	/** Time since the handshake was answered, in milliseconds. */
	get age() {
		return this.openedAt === undefined ? undefined : performance.now() - this.openedAt;
	}

	open() {
		if (["connecting", "open", "closing"].includes(this.state)) {
			return;
		}
		clearTimeout(this.timer);
		this.wanted = true;
		this.openedAt = undefined;
		this.startedAt = performance.now();
		try {
			this.socket = new WebSocket(this.address(), this.protocols());
		}
		catch (error) {
			this.wanted = false;
			this.#enter("closed");
			this.#tell("refused", { error });
			return;
		}
		this.socket.binaryType = "arraybuffer";
		this.#listen(this.socket);
		this.#enter("connecting");
	}

	/** Opens if need be, sends once open. Resolves to whether the data went out. */
	async deliver(data) {
		if (!this.isOpen) {
			this.open();
			await this.#settled();
		}
		return this.send(data);
	}

	send(data) {
		if (!this.isOpen) {
			return false;
		}
		this.socket.send(data);
		this.#frame("sent", ArrayBuffer.isView(data) ? data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) : data);
		return true;
	}

	close(code = 1000, reason = "") {
		clearTimeout(this.timer);
		this.wanted = false;
		if (this.state === "waiting") {
			this.#enter("closed");
		}
		else if (this.state === "connecting" || this.state === "open") {
			this.socket.close(code, reason);
			this.#enter("closing");
		}
	}

	#listen(socket) {
		socket.addEventListener("open", () => {
			this.failures = 0;
			this.openedAt = performance.now();
			this.#enter("open");
			this.#tell("open", {
				took: this.openedAt - this.startedAt, protocol: socket.protocol, extensions: socket.extensions,
			});
		});
		socket.addEventListener("message", (event) => this.#frame("received", event.data));
		socket.addEventListener("close", (event) => this.#closed(event));
	}

	#closed({ code, reason, wasClean }) {
		const after = this.age;
		const again = this.reconnect && this.wanted && !FINAL.has(code) && this.failures < ATTEMPTS;
		const delay = again ? this.#delay() : undefined;
		this.#enter(again ? "waiting" : "closed", delay);
		this.#tell("close", {
			code, reason, clean: wasClean, opened: after !== undefined, after,
			took: performance.now() - this.startedAt, delay,
		});
		if (again) {
			this.timer = setTimeout(() => this.open(), delay);
		}
	}

	/** Doubles with each failure; the random half keeps many pages from coming back at the same moment. */
	#delay() {
		const full = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.failures++);
		return full / 2 + Math.random() * full / 2;
	}

	#settled() {
		return new Promise((resolve) => {
			const check = () => {
				if (this.state !== "connecting") {
					this.removeEventListener("state", check);
					resolve();
				}
			};
			this.addEventListener("state", check);
			check();
		});
	}

	#frame(direction, data) {
		const type = typeof data === "string" ? "text" : "binary";
		frameMoved(direction);
		this.#tell("frame", { direction, data, type, size: sizeOf(data), at: this.age });
	}

	#enter(state, delay) {
		if (state === this.state) {
			return;
		}
		this.state = state;
		if (state === "open") {
			socketOpened(this);
		}
		else if (state !== "closing") {
			socketEnded(this);
		}
		this.#tell("state", { state, delay });
	}

	#tell(type, detail) {
		this.dispatchEvent(new CustomEvent(type, { detail }));
	}

}
