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

import { el } from "../dom.js";
import { foreverFrame, streamPanel } from "../stream.js";

export default {
	id: "comet",
	title: "Stream into an iframe",
	path: "/comet/clock",
	text: "For networks that let nothing else through: a hidden iframe that never finishes loading. Each message is a "
		+ "script in it that calls `parent.cometMessage` of this page, and then takes itself away.",
	source: "comet",
	mount() {
		const panel = streamPanel({
			id: "comet", title: "Forever iframe", empty: "Open the iframe.",
			start: ({ message }) => foreverFrame("comet/clock", "cometMessage", (text) => message(text, "script")),
		});
		panel.append(el("p", { className: "hint" }, "The same with ", el("code", {}, "console.log"), ": open ",
			el("a", { href: "comet/console", target: "_blank", rel: "noopener" }, "/comet/console"),
			" and look at the console of its page."));
		return panel;
	},
};
