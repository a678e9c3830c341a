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

/** An element with properties, attributes and children; `null` children are left out. */
export function el(tag, options = {}, ...children) {
	const node = document.createElement(tag);
	for (const [name, value] of Object.entries(options)) {
		if (name === "on") {
			Object.entries(value).forEach(([type, listener]) => node.addEventListener(type, listener));
		}
		else if (name === "data") {
			Object.assign(node.dataset, value);
		}
		else if (name === "test") {
			node.dataset.testid = value;
			node.id ||= value;
		}
		else if (value === true) {
			node.setAttribute(name, "");
		}
		else if (value !== false && value != null) {
			node.setAttribute(name === "className" ? "class" : name, value);
		}
	}
	node.append(...children.filter((child) => child != null));
	return node;
}

/** Text in which `back-ticked` words are code. */
export function prose(text) {
	const fragment = document.createDocumentFragment();
	text.split("`").forEach((part, index) => fragment.append(index % 2 ? el("code", {}, part) : part));
	return fragment;
}

/** Words for screen readers only. */
export function spoken(text) {
	return el("span", { className: "spoken" }, text);
}

/** A labelled control; the label stands above it. */
export function field(label, control, hint) {
	const described = hint ? el("span", { className: "hint", id: `${control.id}-hint` }, hint) : null;
	if (described) {
		control.setAttribute("aria-describedby", described.id);
	}
	return el("div", { className: "field" }, el("label", { for: control.id }, label), control, described);
}

export function button(test, label, onClick, options = {}) {
	return el("button", { type: "button", className: "button", test, on: { click: onClick }, ...options }, label);
}
