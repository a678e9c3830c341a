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
import { Log } from "../log.js";
import { sendForm } from "../panel.js";
import { postedEvents } from "../stream.js";
import { frameMoved, socketEnded, socketOpened } from "../traffic.js";

async function ask(text, log) {
	const began = performance.now();
	const at = () => performance.now() - began;
	socketOpened(log);
	try {
		await postedEvents("answers", { text }, (data) => {
			log.frame({ direction: "received", data, type: "event", size: new Blob([data]).size, at: at() });
			frameMoved("received");
		});
		log.note("Ended", { at: at() });
	} catch (failure) {
		log.note(failure.message, { at: at() });
	}
	socketEnded(log);
}

export default {
	id: "answers",
	title: "Ask, and read the answer as it comes",
	path: "/answers",
	text: "A question goes out by `POST`, and its answer is an event stream that `fetch` reads word by word. A blank "
		+ "question gets `400` before any stream begins.",
	source: "answers",
	mount() {
		const log = new Log({ test: "answers-log", label: "Events of /answers", empty: "Ask something." });
		return el("div", { className: "live" },
			el("div", { className: "bar" }, el("h3", { className: "bar-title" }, "POST and fetch"),
				el("span", { className: "bar-actions" }, button("answers-clear", "Clear", () => log.clear(), {
					className: "button button-quiet", "aria-label": "Clear the log of /answers",
				}))),
			log.element,
			sendForm({
				id: "answers", label: "Question", placeholder: "What do comets know?",
				onSend: (text) => ask(text, log),
			}));
	},
};
