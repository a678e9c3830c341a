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

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** The address as a browser takes it, or an error that says what is wrong with it. */
export function checkAddress(text) {
	const address = text.trim();
	if (!address) {
		throw new Error("The address is empty (expected: ws://… or wss://…).");
	}
	let url;
	try {
		url = new URL(address);
	}
	catch {
		throw new Error(`“${address}” is no absolute address (expected: ws://… or wss://…).`);
	}
	if (url.protocol === "http:" || url.protocol === "https:") {
		throw new Error(`“${url.protocol}” is for pages. Did you mean ${address.replace(/^http/i, "ws")} ?`);
	}
	if (url.protocol !== "ws:" && url.protocol !== "wss:") {
		throw new Error(`The address begins with “${url.protocol}” (expected: ws: or wss:).`);
	}
	if (url.hash) {
		throw new Error(`A WebSocket address has no fragment; leave “${url.hash}” out.`);
	}
	if (location.protocol === "https:" && url.protocol === "ws:" && !isLocal(url.hostname)) {
		throw new Error("This page came over https, so the browser allows only wss:// addresses.");
	}
	return url.href;
}

export function checkProtocols(text) {
	const protocols = text.split(",").map((part) => part.trim()).filter((part) => part);
	protocols.forEach((protocol, index) => {
		if (!TOKEN.test(protocol)) {
			throw new Error(`“${protocol}” is no subprotocol (expected: letters, digits and ! # $ % & ' * + - . ^ _ \` | ~).`);
		}
		if (protocols.indexOf(protocol) !== index) {
			throw new Error(`The subprotocol “${protocol}” is there twice.`);
		}
	});
	return protocols;
}

/**
 * A browser never tells why a handshake failed. An endpoint of this server can be asked again without an upgrade, and what
 * that answers is a good hint.
 */
export async function explainFailure(text) {
	const url = new URL(text.trim());
	if (url.host !== location.host) {
		return "The browser does not say why: the server may be away, may not know the address, or may refuse this page’s origin.";
	}
	url.protocol = location.protocol;
	const abort = new AbortController();
	const timer = setTimeout(() => abort.abort(), 3_000);
	try {
		const { status } = await fetch(url, { signal: abort.signal, redirect: "manual", cache: "no-store" });
		return explainStatus(status);
	}
	catch {
		return "The server does not answer a plain GET either: it may be away.";
	}
	finally {
		clearTimeout(timer);
		abort.abort();
	}
}

function explainStatus(status) {
	const hints = {
		401: "it wants to know who is there.", 403: "it is forbidden.", 404: "nothing is mapped there.",
		426: "an endpoint is there, but it refused this handshake.", 503: "the server takes nobody at the moment.",
	};
	return `The browser does not say why. A plain GET of the same address answers ${status}${hints[status] ? `: ${hints[status]}` : "."}`;
}

function isLocal(host) {
	return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || host.startsWith("127.");
}
