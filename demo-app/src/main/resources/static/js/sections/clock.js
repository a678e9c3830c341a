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
import { livePanel } from "../panel.js";

const TICKS = 60;
const SECOND = 1000;

export default {
	id: "clock",
	title: "Tell the time",
	path: "/clock",
	text: "An out without an in: each second one instant, as JSON. The strip shows how far each tick arrived from "
		+ "its second, and if the server goes away the page comes back by itself, a little later each time.",
	source: "clock",
	mount() {
		const face = clockFace();
		const { element, connection } = livePanel({
			id: "clock", path: "clock", reconnect: true, live: "off", empty: "Connect to start the clock.",
			above: () => face.element, onFrame: ({ data, at }) => face.tick(JSON.parse(data), at),
		});
		connection.on("open", () => face.restart());
		connection.open();
		return element;
	},
};

function clockFace() {
	const time = el("span", { className: "clock-time", test: "clock-time" }, "--:--:--");
	const instant = el("span", { test: "clock-instant" }, "UTC");
	const drift = el("span", { test: "clock-drift" });
	const bars = Array.from({ length: TICKS }, () => el("span", { className: "tick" }));
	const strip = el("div", { className: "ticks", "aria-hidden": "true" }, ...bars);
	let last;
	return {
		element: el("div", { className: "clock" }, time,
			el("p", { className: "clock-facts" }, instant, drift), strip),
		restart() {
			last = undefined;
		},
		tick(iso, at) {
			time.textContent = iso.slice(11, 19);
			instant.textContent = iso;
			if (last !== undefined) {
				mark(strip, drift, at - last - SECOND);
			}
			last = at;
		},
	};
}

/** The oldest bar becomes the newest: up is late, down is early, full height is 50 ms. */
function mark(strip, drift, off) {
	const bar = strip.firstElementChild;
	bar.style.setProperty("--off", Math.max(-1, Math.min(1, off / 50)).toFixed(3));
	bar.dataset.side = off < 0 ? "early" : "late";
	strip.append(bar);
	drift.textContent = `${off < 0 ? "−" : "+"}${Math.abs(off).toFixed(1)} ms`;
}
