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

import { el } from "./dom.js";
import { drawOrbit } from "./orbit.js";
import { renderSection } from "./section.js";
import { sections } from "./sections.js";
import { onTraffic } from "./traffic.js";

const examples = document.getElementById("examples");
const nav = document.getElementById("nav");
const links = new Map();

for (const section of sections) {
	examples.append(renderSection(section));
	const link = el("a", { href: `#${section.id}`, test: `nav-${section.id}` }, section.id);
	links.set(section.id, link);
	nav.append(el("li", {}, link));
}

drawOrbit(document.getElementById("sky"), document.getElementById("orbit"), document.getElementById("today"));
showTraffic();
showNode();
followScrolling();

/** Sections came after the browser had looked for the address' fragment. */
if (location.hash) {
	document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

function showTraffic() {
	const parts = Object.fromEntries(["open", "sent", "received"].map((name) => [name, document.getElementById(`traffic-${name}`)]));
	onTraffic((totals) => Object.entries(parts).forEach(([name, part]) => part.textContent = totals[name].toLocaleString("en")));
}

/** Which of several processes this page is from. */
async function showNode() {
	const answer = await fetch("node");
	if (answer.status === 200) {
		const node = document.getElementById("node");
		node.textContent = `node ${await answer.text()}`;
		node.hidden = false;
	}
}

function followScrolling() {
	const observer = new IntersectionObserver((entries) => {
		for (const { target, isIntersecting } of entries) {
			mark(links.get(target.id), isIntersecting);
		}
	}, { rootMargin: "-35% 0px -60% 0px" });
	examples.querySelectorAll(".section").forEach((section) => observer.observe(section));
}

function mark(link, current) {
	if (!current) {
		link.removeAttribute("aria-current");
	}
	else {
		link.setAttribute("aria-current", "true");
	}
	const row = nav.parentElement;
	const shown = nav.querySelector("[aria-current]");
	row.scrollLeft = shown ? shown.offsetLeft - (row.clientWidth - shown.offsetWidth) / 2 : 0;
}
