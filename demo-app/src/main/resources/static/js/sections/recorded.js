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
import { frameMoved, socketEnded, socketOpened } from "../traffic.js";

const PARAMETER = "answer";

export default {
	id: "recorded",
	title: "Load this page again, and the answer goes on",
	path: "/recorded/{id}",
	text: "The answer is recorded: it is worked out once, whoever reads it. Load the page again in the middle, or open it in "
		+ "a second tab: what was missed comes in one piece, and then word by word. `Stop` ends it for all.",
	source: "recorded",
	mount() {
		return new Answer().element;
	},
};

class Answer {

	constructor() {
		this.words = el("p", { className: "answer", test: "recorded-words", "aria-live": "off" });
		this.state = el("span", { className: "answer-state", test: "recorded-state", role: "status" }, "Ask, and it begins.");
		this.ask = button("recorded-ask", "Ask", () => this.#begin(crypto.randomUUID()));
		this.stop = button("recorded-stop", "Stop", () => this.#stop(), { disabled: true });
		this.tab = el("a", { className: "button button-quiet", test: "recorded-tab", target: "_blank", hidden: true },
			"Second tab");
		this.element = el("div", { className: "live" },
			el("div", { className: "bar" }, this.state, el("span", { className: "bar-actions" }, this.tab, this.stop, this.ask)),
			this.words);
		const id = new URL(location.href).searchParams.get(PARAMETER);
		if (id) {
			this.#begin(id);
		}
	}

	/** The address keeps which answer it is, so that it outlives the page. */
	#begin(id) {
		this.#end();
		this.id = id;
		const here = new URL(location.href);
		here.searchParams.set(PARAMETER, id);
		here.hash = "recorded";
		history.replaceState(null, "", here);
		this.tab.href = here.href;
		this.tab.hidden = false;
		this.words.textContent = "";
		this.#open();
	}

	#open() {
		this.source = new EventSource(new URL(`recorded/${encodeURIComponent(this.id)}`, document.baseURI));
		socketOpened(this);
		this.#show("The answer comes.", true);
		this.source.addEventListener("message", ({ data }) => {
			frameMoved("received");
			this.words.append(this.words.textContent ? " " : "", data);
		});
		this.source.addEventListener("reset", () => {
			this.words.textContent = "";
		});
		this.source.addEventListener("stream-end", () => this.#end());
		this.source.addEventListener("error", () => {
			if (this.source.readyState === EventSource.CLOSED) {
				this.#end();
			}
		});
	}

	#end() {
		if (this.source) {
			this.source.close();
			this.source = null;
			socketEnded(this);
			this.#show("That was all.", false);
		}
	}

	#stop() {
		fetch(new URL(`recorded/${encodeURIComponent(this.id)}/stop`, document.baseURI), { method: "POST" });
	}

	#show(state, running) {
		this.state.textContent = state;
		this.stop.disabled = !running;
	}

}
