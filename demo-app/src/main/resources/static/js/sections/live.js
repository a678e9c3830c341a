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

import { button, el } from "../dom.js";
import { connectButtons, stateLine } from "../panel.js";
import { Connection, endpoint } from "../socket.js";

const COUNTS = {
	connections: "connections", received: "received", sent: "sent", waiting: "waiting", hubs: "hubs",
	subscribers: "subscribers", heap: "of heap",
};

const WIRES = { websocket: "WebSocket", sse: "Event stream", comet: "Comet" };

const COLUMNS = {
	endpoint: "Endpoint", transport: "Wire", seconds: "Open for", received: "In", sent: "Out", waiting: "Waiting",
};

const FORMATS = {
	transport: (wire) => WIRES[wire] ?? wire,
	seconds: (seconds) => seconds < 60 ? `${seconds} s` : seconds < 3600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`,
	heap: (bytes) => `${Math.round(bytes / 1024 / 1024)} MB`,
};

export default {
	id: "live",
	title: "Watch the server",
	path: "/live",
	text: "Each second, what the server carries at this moment, for all who look. Drain rehearses a stop: the server takes "
		+ "no more connections, tells all it has to come again with `1012`, and then takes them again. This page loses its "
		+ "connections like any other, and comes back.",
	source: "live",
	wide: true,
	mount() {
		const connection = new Connection(() => endpoint("live"), { reconnect: true });
		const { connect, close } = connectButtons("live", connection);
		const drain = button("live-drain", "Drain", () => {
			drain.disabled = true;
			connection.send(JSON.stringify("DRAIN"));
		}, { disabled: true });
		const board = new Board();
		connection.on("state", ({ state }) => drain.disabled = state !== "open");
		connection.on("frame", ({ direction, data }) => {
			if (direction === "received") {
				board.show(JSON.parse(data));
			}
		});
		connection.open();
		return el("div", { className: "live" },
			el("div", { className: "bar" }, stateLine("live-state", connection),
				el("span", { className: "bar-actions" }, drain, connect, close)),
			board.element);
	},
};

/** The counts, and the newest connections. */
class Board {

	constructor() {
		this.counts = Object.fromEntries(Object.keys(COUNTS).map((name) => [name, el("dd", { test: `live-${name}` }, "–")]));
		this.rows = el("tbody", { test: "live-rows" });
		this.element = el("div", {},
			el("dl", { className: "counts" }, ...Object.entries(COUNTS).map(([name, label]) =>
				el("div", {}, el("dt", {}, label), this.counts[name]))),
			el("div", { className: "newest", tabindex: "0", role: "region", "aria-label": "The newest connections" },
				el("table", {}, el("thead", {}, el("tr", {}, ...Object.entries(COLUMNS).map(([name, label]) =>
					el("th", { scope: "col", data: { column: name } }, label)))), this.rows)));
	}

	show(view) {
		for (const [name, part] of Object.entries(this.counts)) {
			part.textContent = format(name, view[name]);
		}
		this.rows.replaceChildren(...view.newest.map((line) => el("tr", {}, ...Object.keys(COLUMNS).map((name) =>
			el("td", { data: { column: name } }, format(name, line[name]))))));
	}

}

function format(name, value) {
	return FORMATS[name]?.(value) ?? value.toLocaleString("en");
}
