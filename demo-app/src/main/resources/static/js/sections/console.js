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

import { formatSize, sizeOf } from "../bytes.js";
import { button, el, field } from "../dom.js";
import { checkAddress, checkProtocols, explainFailure } from "../handshake.js";
import { formatTime, Log } from "../log.js";
import { connectButtons, stateLine } from "../panel.js";
import { RoundTrips } from "../roundtrip.js";
import { Connection, endpoint } from "../socket.js";
import { statusName } from "../status.js";
import { composer } from "./console-composer.js";

const LONGEST_REASON = 123;
const CODES = [1000, 3000, 3003, 3008, 4000];

export default {
	id: "console",
	title: "Try any address",
	path: null,
	text: "Connects to whatever speaks WebSocket, here or elsewhere, as far as the other side accepts this page’s origin. "
		+ "Each frame is shown with its direction, type, size and the seconds since the socket opened, and one that comes back "
		+ "unchanged with its round trip.",
	wide: true,
	mount() {
		return new Console().element;
	},
};

class Console {

	constructor() {
		this.trips = new RoundTrips();
		this.log = new Log({ test: "console-log", label: "Frames of the console", empty: "Frames appear here.", className: "log-tall" });
		this.error = errorLine("console-error");
		this.closeError = errorLine("console-close-error");
		this.url = el("input", {
			test: "console-url", type: "text", inputmode: "url", value: endpoint("echo"), autocomplete: "off", spellcheck: "false",
			autocapitalize: "none", "aria-describedby": this.error.id,
		});
		this.protocols = el("input", {
			test: "console-protocols", type: "text", autocomplete: "off", spellcheck: "false", autocapitalize: "none",
			placeholder: "None",
		});
		this.connection = new Connection(() => checkAddress(this.url.value), { protocols: () => checkProtocols(this.protocols.value) });
		this.buttons = connectButtons("console", this.connection, { onClose: () => this.#close(), connectType: "submit" });
		this.composer = composer(this.connection);
		this.#listen();
		this.element = el("div", { className: "live console" },
			el("div", { className: "console-controls" }, this.#connectForm(), this.composer, this.#closeForm()),
			el("div", { className: "console-view" }, this.#bar(), this.log.element));
	}

	#listen() {
		const { connection, log } = this;
		connection.on("state", ({ state }) => {
			if (state === "connecting") {
				this.#fail("");
				this.trips.clear();
				log.note(`Connecting to ${this.url.value.trim()}`);
			}
		});
		connection.on("open", (opened) => {
			log.opened(opened);
			const facts = [opened.protocol || "no subprotocol", opened.extensions || "no extensions"];
			this.facts.textContent = facts.join(" · ");
		});
		connection.on("frame", (frame) => log.frame(frame, this.trips.frame(frame)));
		connection.on("refused", ({ error }) => this.#fail(error.message));
		connection.on("close", (closed) => {
			this.facts.textContent = "";
			if (closed.opened) {
				log.closed(closed);
			}
			else {
				this.#notOpened(closed);
			}
		});
	}

	async #notOpened({ code, took }) {
		const text = `No connection after ${formatTime(took)} (${code} ${statusName(code)}).`;
		this.log.note(text, { kind: "error", data: { closeCode: code, clean: false } });
		this.#fail(`${text} ${await explainFailure(this.url.value)}`);
	}

	#fail(message) {
		this.error.textContent = message;
		this.url.setAttribute("aria-invalid", String(message !== ""));
	}

	#bar() {
		this.facts = el("span", { className: "facts", test: "console-facts" });
		return el("div", { className: "bar" }, stateLine("console-state", this.connection), this.facts,
			el("span", { className: "bar-actions" },
				button("console-clear", "Clear", () => this.log.clear(), {
					className: "button button-quiet", "aria-label": "Clear the console’s log",
				})));
	}

	#connectForm() {
		return form("Connection", () => this.connection.open(),
			field("Address", this.url),
			field("Subprotocols", this.protocols, "Separated by commas, the best first"),
			el("div", { className: "actions" }, this.buttons.connect), this.error);
	}

	#closeForm() {
		this.code = el("input", { test: "console-close-code", type: "text", inputmode: "numeric", value: "1000", list: "console-codes" });
		this.reason = el("input", { test: "console-close-reason", type: "text", autocomplete: "off", placeholder: "None" });
		const codes = el("datalist", { id: "console-codes" },
			...CODES.map((code) => el("option", { value: code }, statusName(code))));
		return form("End", () => this.#close(),
			el("div", { className: "fields" }, field("Status", this.code), field("Reason", this.reason), codes),
			el("div", { className: "actions" }, this.buttons.close), this.closeError);
	}

	#close() {
		const wrong = wrongClose(this.code.value.trim(), this.reason.value);
		this.closeError.textContent = wrong;
		if (!wrong) {
			this.connection.close(Number(this.code.value), this.reason.value);
		}
	}

}

function wrongClose(text, reason) {
	const code = Number(text);
	if (code !== 1000 && !(code >= 3000 && code <= 4999 && Number.isInteger(code))) {
		return `A page may not close with ${text || "no status"} (expected: 1000, or 3000 to 4999).`;
	}
	const size = sizeOf(reason);
	return size > LONGEST_REASON ? `The reason has ${formatSize(size)} in UTF-8 (expected: at most ${LONGEST_REASON}).` : "";
}

function errorLine(test) {
	return el("p", { className: "form-error", test, role: "alert" });
}

function form(legend, onSubmit, ...children) {
	return el("form", {
		className: "group", novalidate: true, on: {
			submit: (event) => {
				event.preventDefault();
				onSubmit();
			},
		},
	}, el("h3", { className: "group-title" }, legend), ...children);
}
