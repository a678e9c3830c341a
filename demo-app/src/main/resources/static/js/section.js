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

import { el, prose } from "./dom.js";
import { sourcePanel } from "./source.js";

/**
 * The frame of a section. A section is an object with `id`, `title`, `path`, `text` (words in back-ticks are code),
 * `mount()` that returns its live part, and if it has them `source` (the name of its Java source) and `wide` (the live
 * part takes the whole width, and the source stands below it).
 */
export function renderSection({ id, title, path, text, source, wide = false, mount }) {
	return el("section", { id, className: "section", "aria-labelledby": `${id}-title`, test: `section-${id}` },
		el("header", { className: "section-head" },
			el("h2", { id: `${id}-title` }, title),
			el("div", { className: "section-text" },
				path ? el("p", { className: "path" }, path) : null, el("p", {}, prose(text)))),
		el("div", { className: `pair${wide ? " pair-wide" : ""}${source ? "" : " pair-alone"}` },
			mount(), source ? sourcePanel(source) : null));
}
