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

import { button, el, spoken } from "../dom.js";
import { Log } from "../log.js";
import { stateLine } from "../panel.js";
import { Connection, endpoint } from "../socket.js";
import { statusName } from "../status.js";

const NAMES = ["Edmond", "Caroline", "Charles", "Maria", "Johann", "Nicole"];
const AT_START = 3;

export default {
	id: "rooms",
	title: "Talk in a room",
	path: "/rooms/{room}?name={name}",
	text: "Everybody below has a socket of their own. A message is published to the room’s hub, and the hub reaches all who "
		+ "are in it, in one order for everybody. JSON is read into a record and checked: send nothing at all, or more "
		+ "than 500 characters, and only you get an answer. Above each log stands who is there: load the page again, and "
		+ "nobody is told that you were gone, and what was said last is there again.",
	source: "rooms",
	wide: true,
	mount() {
		return new Rooms().element;
	},
};

class Rooms {

	constructor() {
		this.panes = [];
		this.name = "observatory";
		this.input = el("input", {
			test: "rooms-room", type: "text", value: this.name, required: true, maxlength: "40", pattern: "[\\w\\-]+",
			title: "Letters, digits, - and _", autocomplete: "off", spellcheck: "false",
		});
		this.add = button("rooms-add", "Add somebody", () => this.join().focus());
		this.grid = el("div", { className: "panes" });
		this.element = el("div", { className: "live" }, this.#bar(), this.grid);
		NAMES.slice(0, AT_START).forEach(() => this.join());
	}

	/** Takes the first seat that is free, so that a pane's number and name stay together. */
	join() {
		const number = NAMES.findIndex((_, index) => !this.panes.some((pane) => pane.number === index + 1)) + 1;
		const pane = new Pane(number, () => this.name, () => this.#leave(pane));
		this.panes.push(pane);
		this.grid.append(pane.element);
		this.#limit();
		pane.connection.open();
		return pane;
	}

	#leave(pane) {
		pane.connection.close();
		pane.element.remove();
		this.panes = this.panes.filter((other) => other !== pane);
		this.#limit();
		this.add.focus();
	}

	#limit() {
		this.add.disabled = this.panes.length >= NAMES.length;
	}

	#enter() {
		this.name = this.input.value;
		this.panes.forEach((pane) => pane.move());
	}

	#bar() {
		const form = el("form", {
			className: "bar-form", on: {
				submit: (event) => {
					event.preventDefault();
					this.#enter();
				},
			},
		}, el("label", { for: "rooms-room" }, "Room"), this.input, button("rooms-enter", "Enter", null, { type: "submit", on: {} }));
		return el("div", { className: "bar" }, form, el("span", { className: "bar-actions" }, this.add));
	}

}

class Pane {

	constructor(number, room, onRemove) {
		this.number = number;
		this.id = `rooms-pane-${number}`;
		this.who = NAMES[number - 1];
		this.connection = new Connection(() => endpoint(`rooms/${encodeURIComponent(room())}`, { name: this.who }),
			{ reconnect: true });
		this.log = new Log({
			test: `${this.id}-log`, label: `What ${this.who} sees`, empty: "Nobody has said anything yet.", className: "talk",
			live: number === 1 ? "polite" : "off",
		});
		this.there = el("p", { className: "pane-there", test: `${this.id}-there` }, "Nobody is there.");
		this.error = el("p", { className: "pane-error", test: `${this.id}-error`, role: "alert" });
		this.input = el("input", {
			test: `${this.id}-input`, type: "text", autocomplete: "off", "aria-label": `Say something as ${this.who}`,
			placeholder: `Say something as ${this.who}`, "aria-describedby": this.error.id,
			on: { input: () => this.#refuse("") },
		});
		this.element = el("article", { className: "pane", test: this.id, "aria-label": this.who },
			this.#head(onRemove), this.there, this.log.element, this.error, this.#form());
		this.#listen(room);
	}

	focus() {
		this.input.focus();
	}

	/** To another room: the old socket is closed, and once it is gone a new one is opened. */
	move() {
		if (!this.connection.isOpen) {
			return;
		}
		this.moving = true;
		this.connection.close();
	}

	#listen(room) {
		this.connection.on("frame", ({ direction, data }) => {
			if (direction === "received") {
				this.#show(JSON.parse(data));
			}
		});
		this.connection.on("open", () => {
			// What was said last comes anew
			this.log.clear();
			this.log.note(`${this.who} is in ${room()}`, { kind: "open" });
		});
		this.connection.on("close", ({ code, opened }) => this.#closed(code, opened));
		this.connection.on("state", ({ state }) => {
			const away = ["idle", "closed"].includes(state);
			this.toggle.firstChild.textContent = away ? "Join" : "Leave";
			this.send.disabled = this.input.disabled = state !== "open";
		});
	}

	#closed(code, opened) {
		if (this.moving) {
			this.moving = false;
			this.log.clear();
			this.connection.open();
		}
		else if (opened || this.connection.state === "closed") {
			this.log.note(`Closed ${code} ${statusName(code)}`, { kind: code === 1000 ? "close" : "error", data: { closeCode: code } });
		}
	}

	#show(message) {
		if (message.error !== undefined) {
			this.#refuse(message.error);
			this.input.value ||= this.said ?? "";
			return;
		}
		if (message.there) {
			this.there.textContent = `There: ${message.there.join(", ")}`;
			return;
		}
		this.#say(message.said);
	}

	#say(message) {
		const time = new Date(message.at);
		this.log.append(el("li", { className: "said", data: { from: message.from, own: String(message.from === this.who) } },
			el("span", { className: "said-head" }, el("strong", {}, message.from), " ",
				el("time", { datetime: message.at }, Number.isNaN(time.getTime()) ? "" : time.toLocaleTimeString("en-GB"))),
			el("span", { className: "said-text" }, message.text)));
	}

	#refuse(reason) {
		this.error.textContent = reason;
		this.input.setAttribute("aria-invalid", String(reason !== ""));
	}

	#head(onRemove) {
		const toggle = () => ["idle", "closed"].includes(this.connection.state) ? this.connection.open() : this.connection.close();
		this.toggle = button(`${this.id}-connect`, "Join", toggle, { className: "button button-quiet" });
		this.toggle.append(spoken(` as ${this.who}`));
		return el("div", { className: "pane-head" }, el("h3", {}, this.who), stateLine(`${this.id}-state`, this.connection),
			el("span", { className: "bar-actions" }, this.toggle,
				button(`${this.id}-remove`, "×", onRemove, { className: "button button-quiet", "aria-label": `Remove ${this.who}` })));
	}

	#form() {
		this.send = button(`${this.id}-send`, "Send", null, { type: "submit", className: "button button-main", on: {} });
		this.send.append(spoken(` as ${this.who}`));
		return el("form", {
			className: "compose", on: {
				submit: (event) => {
					event.preventDefault();
					this.#refuse("");
					this.said = this.input.value;
					this.connection.send(JSON.stringify({ text: this.said }));
					this.input.value = "";
				},
			},
		}, this.input, this.send);
	}

}
