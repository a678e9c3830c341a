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

import { dump, formatSize } from "./bytes.js";
import { el, spoken } from "./dom.js";
import { statusMeaning, statusName } from "./status.js";

const LONGEST_TEXT = 2_000;

/** A list that keeps its last rows, and stays at its end unless the reader has scrolled away from it. */
export class Log {

	constructor({ test, label, empty, live = "polite", limit = 200, className = "" }) {
		this.limit = limit;
		this.list = el("ol", { className: "log-rows", data: { empty } });
		this.element = el("div", {
			className: `log ${className}`, test, role: "log", "aria-label": label, "aria-live": live, tabindex: "0",
			on: { scroll: () => this.following = this.#isAtEnd() },
		}, this.list);
		this.following = true;
		new ResizeObserver(() => this.#follow()).observe(this.element);
	}

	append(row) {
		const { list } = this;
		list.append(row);
		while (list.childElementCount > this.limit) {
			list.firstElementChild.remove();
		}
		this.#follow();
	}

	#isAtEnd() {
		const { scrollHeight, scrollTop, clientHeight } = this.element;
		return scrollHeight - scrollTop - clientHeight < 24;
	}

	#follow() {
		if (this.following) {
			this.element.scrollTop = this.element.scrollHeight;
		}
	}

	clear() {
		this.list.replaceChildren();
	}

	frame({ direction, data, type, size, at }, roundTrip) {
		const meta = [type, formatSize(size)];
		if (roundTrip !== undefined) {
			meta.push(`back in ${formatTime(roundTrip)}`);
		}
		this.append(el("li", { className: "row", data: { kind: direction, type, size } },
			el("span", { className: "row-time" }, formatAge(at)),
			el("span", { className: "row-arrow", "aria-hidden": "true" }, direction === "sent" ? "→" : "←"),
			el("span", { className: "row-body" }, spoken(`${direction}: `), ...payload(data)),
			el("span", { className: "row-meta" }, ...meta.map((part) => el("span", {}, part)))));
	}

	note(text, { at, kind = "note", data = {} } = {}) {
		this.append(el("li", { className: "row", data: { kind, ...data } },
			el("span", { className: "row-time" }, formatAge(at)),
			el("span", { className: "row-arrow", "aria-hidden": "true" }, kind === "error" ? "!" : "·"),
			el("span", { className: "row-body" }, text)));
	}

	opened({ took, protocol }) {
		this.note(`Open after ${formatTime(took)}${protocol ? `, subprotocol ${protocol}` : ""}`,
			{ at: 0, kind: "open" });
	}

	closed({ code, reason, clean, after, delay }) {
		const parts = [`Closed ${code} ${statusName(code)}`, clean ? "clean" : "not clean"];
		if (reason) {
			parts.push(`reason “${reason}”`);
		}
		const again = delay === undefined ? "" : ` Next attempt in ${formatTime(delay)}.`;
		this.note(`${parts.join(", ")}. ${statusMeaning(code)}${again}`,
			{ at: after, kind: clean ? "close" : "error", data: { closeCode: code, clean } });
	}

}

function payload(data) {
	if (typeof data === "string") {
		const more = data.length - LONGEST_TEXT;
		return more > 0 ? [data.slice(0, LONGEST_TEXT), dim(` … ${more.toLocaleString("en")} more characters`)] : [data];
	}
	const { hex, ascii, more } = dump(data);
	return [hex, dim(` ${ascii}`), more > 0 ? dim(` … ${more.toLocaleString("en")} more bytes`) : ""];
}

function dim(text) {
	return el("span", { className: "dim" }, text);
}

/** Seconds since the socket opened. */
export function formatAge(milliseconds) {
	return milliseconds === undefined ? "" : `${(milliseconds / 1000).toFixed(3)}`;
}

export function formatTime(milliseconds) {
	if (milliseconds >= 1000) {
		return `${(milliseconds / 1000).toFixed(1)}\u00a0s`;
	}
	return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)}\u00a0ms`;
}
