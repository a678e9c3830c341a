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

const utf8 = new TextEncoder();

/** The size of a frame's payload in bytes, as it is on the wire before any compression. */
export function sizeOf(data) {
	return typeof data === "string" ? utf8.encode(data).length : data.byteLength;
}

export function formatSize(size) {
	return `${size.toLocaleString("en")}\u00a0B`;
}

/** Hex digits, with any white space, commas, colons or 0x between the bytes, as bytes. */
export function parseHex(text) {
	const digits = text.replace(/0x/gi, " ").replace(/[\s,:]+/g, "");
	const wrong = /[^0-9a-f]/i.exec(digits);
	if (wrong) {
		throw new Error(`“${wrong[0]}” is not a hex digit (expected: 0–9, a–f).`);
	}
	if (digits.length % 2) {
		throw new Error(`${digits.length} hex digits make no whole bytes (expected: an even number).`);
	}
	return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The first bytes in hex, and what they say in ASCII. */
export function dump(buffer, limit = 64) {
	const bytes = new Uint8Array(buffer, 0, Math.min(limit, buffer.byteLength));
	const hex = Array.from(bytes, (value) => value.toString(16).padStart(2, "0")).join(" ");
	const ascii = Array.from(bytes, (value) => (value > 31 && value < 127) ? String.fromCharCode(value) : "·").join("");
	return { hex, ascii, more: buffer.byteLength - bytes.length };
}

export function sameData(one, other) {
	if (typeof one === "string" || typeof other === "string") {
		return one === other;
	}
	if (one.byteLength !== other.byteLength) {
		return false;
	}
	const left = new Uint8Array(one);
	const right = new Uint8Array(other);
	return left.every((value, index) => value === right[index]);
}
