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

import { button, el } from "./dom.js";
import { formatTime, Log } from "./log.js";
import { Connection, endpoint } from "./socket.js";

const STATES = {
	idle: () => "Idle", connecting: () => "Connecting", open: () => "Open", closing: () => "Closing",
	closed: () => "Closed", waiting: (delay) => `Again in ${formatTime(delay)}`,
};

/** Shows the state of a connection in words and as a dot. */
export function stateLine(test, connection) {
	const words = el("span", {}, STATES.idle());
	const line = el("span", { className: "state", test, role: "status", data: { state: "idle" } },
		el("span", { className: "state-dot", "aria-hidden": "true" }), words);
	connection.on("state", ({ state, delay }) => {
		line.dataset.state = state;
		words.textContent = STATES[state](delay);
	});
	return line;
}

/** Connect and Close, of which always exactly one can be pressed. The focus goes with the one that can. */
export function connectButtons(id, connection, { onClose = () => connection.close(), connectType = "button" } = {}) {
	const connect = button(`${id}-connect`, "Connect", () => connection.open(), { type: connectType });
	const close = button(`${id}-close`, "Close", onClose, { disabled: true });
	connection.on("state", ({ state }) => {
		const hadFocus = [connect, close].includes(document.activeElement);
		const canConnect = ["idle", "closed"].includes(state);
		connect.disabled = !canConnect;
		close.disabled = canConnect || state === "closing";
		if (hadFocus && state !== "closing") {
			(canConnect ? connect : close).focus();
		}
	});
	return { connect, close };
}

/** The live half of an example: state and buttons, something above the log, the log, something below it. */
export function livePanel({ id, path, reconnect = false, live, empty, onFrame, above, below }) {
	const connection = new Connection(() => endpoint(path), { reconnect });
	const log = new Log({ test: `${id}-log`, label: `Frames of /${path}`, empty, live });
	const { connect, close } = connectButtons(id, connection);
	connection.on("open", (opened) => log.opened(opened));
	connection.on("frame", (frame) => log.frame(frame, onFrame?.(frame)));
	connection.on("close", (closed) => log.closed(closed));
	const element = el("div", { className: "live" },
		el("div", { className: "bar" }, stateLine(`${id}-state`, connection), el("span", { className: "bar-actions" },
			button(`${id}-clear`, "Clear", () => log.clear(), {
				className: "button button-quiet", "aria-label": `Clear the log of /${path}`,
			}), connect, close)),
		above?.(connection) ?? null, log.element, below?.(connection, log) ?? null);
	return { element, connection, log };
}

/** One line of text and a button that sends it. Sending opens the socket when it is not open. */
export function sendForm({ id, label, placeholder, onSend, extra = [] }) {
	const input = el("input", { test: `${id}-input`, type: "text", placeholder, autocomplete: "off", "aria-label": label });
	return el("form", {
		className: "compose", on: {
			submit: (event) => {
				event.preventDefault();
				onSend(input.value);
				input.value = "";
				input.focus();
			},
		},
	}, input, button(`${id}-send`, "Send", null, { type: "submit", className: "button button-main", on: {} }), ...extra);
}
