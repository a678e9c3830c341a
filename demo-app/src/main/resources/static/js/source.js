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

import { button, el, spoken } from "./dom.js";
import { highlight } from "./highlight.js";

/** The Java source of an example, as it was compiled, with its header and imports folded away. */
export function sourcePanel(name) {
	const code = el("code", {});
	const pre = el("pre", {
		className: "code", test: `${name}-source`, tabindex: "0", role: "group", "aria-label": `Java source of ${name}`,
		"aria-busy": "true",
	}, code);
	const file = el("h3", { className: "bar-title" }, "Java");
	const copied = el("span", { className: "spoken", role: "status" });
	const copy = button(`${name}-copy`, "Copy", () => copyText(copy, copied, pre.dataset.source), { disabled: true, className: "button button-quiet" });
	copy.append(spoken(` the source of ${name}`));
	const fold = button(`${name}-imports`, "Imports", () => toggle(fold, pre), {
		disabled: true, className: "button button-quiet", "aria-pressed": "false", title: "Show the licence header, package and imports too",
	});
	load(name).then((source) => {
		pre.dataset.source = source;
		file.textContent = `${/\b(?:class|interface|record|enum) (\w+)/.exec(source)?.[1] ?? name}.java`;
		show(pre, false);
		copy.disabled = false;
		fold.disabled = headLength(source) === 0;
	}).catch((error) => {
		code.textContent = error.message;
		pre.classList.add("code-missing");
	}).finally(() => pre.setAttribute("aria-busy", "false"));
	return el("div", { className: "source" },
		el("div", { className: "bar" }, file, el("span", { className: "bar-actions" }, fold, copy, copied)), pre);
}

async function load(name) {
	const response = await fetch(new URL(`source/${name}.java`, document.baseURI));
	if (!response.ok) {
		throw new Error(`The source is not here: source/${name}.java answered ${response.status}.`);
	}
	return (await response.text()).replace(/\r\n/g, "\n").trimEnd();
}

function toggle(fold, pre) {
	const whole = fold.getAttribute("aria-pressed") !== "true";
	fold.setAttribute("aria-pressed", String(whole));
	show(pre, whole);
}

function show(pre, whole) {
	const { source } = pre.dataset;
	pre.firstElementChild.replaceChildren(highlight(whole ? source : source.slice(headLength(source))));
	pre.scrollTo(0, 0);
}

/** How many characters of licence header, package and imports come before the code. */
function headLength(source) {
	const head = /^(?:\s|\/\*(?!\*)[\s\S]*?\*\/|package [^;]+;|import [^;]+;)*/.exec(source)[0].length;
	return head === source.length ? 0 : head;
}

async function copyText(copy, status, text) {
	let result = "Copied";
	try {
		await navigator.clipboard.writeText(text);
	}
	catch {
		result = copyBySelection(text) ? "Copied" : "Not allowed";
	}
	copy.firstChild.textContent = result;
	status.textContent = result;
	setTimeout(() => {
		copy.firstChild.textContent = "Copy";
		status.textContent = "";
	}, 1_600);
}

/** The clipboard's own interface is there in secure contexts only, and a demo is often opened by a machine's address. */
function copyBySelection(text) {
	const area = el("textarea", { className: "spoken", "aria-hidden": "true", tabindex: "-1" });
	const { activeElement } = document;
	area.value = text;
	document.body.append(area);
	area.select();
	const done = document.execCommand("copy");
	area.remove();
	activeElement?.focus();
	return done;
}
