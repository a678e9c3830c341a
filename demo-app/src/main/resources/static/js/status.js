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

/** Close status codes: the name in IANA's registry, and what it tells. */
const CODES = {
	1000: ["Normal closure", "The purpose of the connection is fulfilled."],
	1001: ["Going away", "The server shuts down, or the page is left."],
	1002: ["Protocol error", "A frame broke the rules of the protocol."],
	1003: ["Unsupported data", "A frame of a type, or a message in a form, that the endpoint does not take."],
	1005: ["No status received", "The Close frame carried no status."],
	1006: ["Abnormal closure", "The connection ended without a Close frame."],
	1007: ["Invalid payload", "Data that does not fit the frame's type, such as text that is not UTF-8."],
	1008: ["Policy violation", "A message that the endpoint's rules refuse."],
	1009: ["Message too big", "A message longer than the endpoint takes."],
	1010: ["Mandatory extension", "An extension that the client needs was not agreed on."],
	1011: ["Internal error", "The endpoint failed."],
	1012: ["Service restart", "The server restarts."],
	1013: ["Try again later", "The endpoint is overloaded, or this client read too slowly."],
	1014: ["Bad gateway", "A gateway got no good answer from the server behind it."],
	1015: ["TLS handshake failed", "No secure connection could be made."],
	3000: ["Unauthorized", "The endpoint wants to know who is there."],
	3003: ["Forbidden", "The endpoint does not let this client in."],
	3008: ["Timeout", "The endpoint waited too long."],
};

export function statusName(code) {
	if (CODES[code]) {
		return CODES[code][0];
	}
	if (code >= 4000 && code <= 4999) {
		return "Private use";
	}
	return (code >= 3000 && code <= 3999) ? "Registered" : "Unknown";
}

export function statusMeaning(code) {
	return CODES[code]?.[1] ?? (code >= 4000 ? "Its meaning is the application's own." : "");
}
