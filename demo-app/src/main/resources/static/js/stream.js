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
import { Log } from "./log.js";
import { frameMoved, socketEnded, socketOpened } from "./traffic.js";

/** The live half of a stream's example: a button that starts it, one that stops it, and what arrived. */
export function streamPanel({ id, title, empty, start }) {
	const log = new Log({ test: `${id}-log`, label: `Messages of ${title}`, empty });
	let stop;
	const show = (running) => {
		open.disabled = running;
		close.disabled = !running;
	};
	const open = button(`${id}-open`, "Open", () => {
		const began = performance.now();
		socketOpened(log);
		stop = start({
			message: (text, type) => {
				log.frame({
					direction: "received", data: text, type, size: new Blob([text]).size, at: performance.now() - began,
				});
				frameMoved("received");
			},
			note: (text) => log.note(text, { at: performance.now() - began }),
		});
		show(true);
	});
	const close = button(`${id}-close`, "Close", () => {
		stop();
		socketEnded(log);
		log.note("Closed");
		show(false);
	}, { disabled: true });
	return el("div", { className: "live" },
		el("div", { className: "bar" }, el("h3", { className: "bar-title" }, title), el("span", { className: "bar-actions" },
			button(`${id}-clear`, "Clear", () => log.clear(), {
				className: "button button-quiet", "aria-label": `Clear the log of ${title}`,
			}), open, close)),
		log.element);
}

/** An iframe that is never done loading: its scripts call a function of this page. */
export function foreverFrame(path, callback, onMessage) {
	window[callback] = onMessage;
	const frame = el("iframe", { hidden: true, title: path, src: new URL(path, document.baseURI) });
	document.body.append(frame);
	return () => frame.remove();
}

export function eventSource(path, { message, note }) {
	const source = new EventSource(new URL(path, document.baseURI));
	source.onopen = () => note("Open");
	source.onerror = () => note("Ended. The browser reconnects, and says what it has seen last.");
	source.onmessage = ({ data, lastEventId }) => message(data, lastEventId ? `event ${lastEventId}` : "event");
	return () => source.close();
}

/** Posts JSON and hands over the data of each event of the answer. */
export async function postedEvents(path, body, onData) {
	const response = await fetch(new URL(path, document.baseURI), {
		method: "POST",
		headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
		body: JSON.stringify(body),
	});
	if (!response.ok) {
		throw new Error(`Refused with ${response.status}`);
	}
	const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
	let rest = "";
	for (let { done, value } = await reader.read(); !done; ({ done, value } = await reader.read())) {
		const events = (rest + value).split("\n\n");
		rest = events.pop();
		events.filter((event) => event.startsWith("data: ")).forEach((event) => onData(event.slice("data: ".length)));
	}
}
