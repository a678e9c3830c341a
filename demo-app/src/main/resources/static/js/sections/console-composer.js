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

import { formatSize, parseHex } from "../bytes.js";
import { button, el } from "../dom.js";

/** What the console can send: a kind has a control, and reads from it what goes into the frame. */
const KINDS = [
	{
		kind: "text", label: "Text", control: () => area("console-text", "Text to send", "Hello, comet"),
		read: (control) => control.value,
	},
	{
		kind: "hex", label: "Hex", control: () => area("console-hex", "Bytes to send, in hex", "48 61 6c 6c 65 79"),
		read: (control) => parseHex(control.value),
	},
	{
		kind: "file", label: "File", control: () => el("input", { type: "file", test: "console-file", "aria-label": "File to send as one binary frame" }),
		read: readFile,
	},
];

export function composer(connection) {
	const kinds = KINDS.map((each) => ({ ...each, control: each.control() }));
	const error = el("p", { className: "form-error", test: "console-send-error", role: "alert" });
	let chosen = kinds[0];
	const choose = (next) => {
		chosen = next;
		kinds.forEach((each) => each.control.hidden = each !== next);
	};
	const send = button("console-send", "Send", null, { type: "submit", className: "button button-main", disabled: true, on: {} });
	connection.on("state", ({ state }) => send.disabled = state !== "open");
	const submit = async () => {
		error.textContent = "";
		try {
			if (!connection.send(await chosen.read(chosen.control))) {
				error.textContent = "Nothing was sent: the socket is not open.";
			}
		}
		catch (failure) {
			error.textContent = failure.message;
		}
	};
	choose(chosen);
	return el("form", {
		className: "group", on: {
			submit: (event) => {
				event.preventDefault();
				submit();
			},
			keydown: (event) => {
				if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !send.disabled) {
					event.preventDefault();
					submit();
				}
			},
		},
	}, el("h3", { className: "group-title" }, "Message"), modes(kinds, choose),
	el("div", { className: "controls" }, ...kinds.map((each) => each.control)),
	el("div", { className: "actions" }, send, el("span", { className: "hint" }, "or Ctrl + Enter")), error);
}

function modes(kinds, choose) {
	return el("div", { className: "modes", role: "radiogroup", "aria-label": "Kind of message" }, ...kinds.map((each, index) => {
		const radio = el("input", {
			type: "radio", name: "console-mode", test: `console-mode-${each.kind}`, checked: index === 0,
			on: { change: () => choose(each) },
		});
		return el("label", { className: "mode" }, radio, el("span", {}, each.label));
	}));
}

function area(test, label, value) {
	const control = el("textarea", { test, "aria-label": label, rows: "3", spellcheck: "false" });
	control.value = value;
	return control;
}

async function readFile(control) {
	const [file] = control.files;
	if (!file) {
		throw new Error("No file was chosen.");
	}
	try {
		return await file.arrayBuffer();
	}
	catch {
		throw new Error(`${file.name} (${formatSize(file.size)}) could not be read.`);
	}
}
