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

const KEYWORDS = new Set(("abstract assert boolean break byte case catch char class const continue default do double else "
	+ "enum extends final finally float for goto if implements import instanceof int interface long native new non-sealed "
	+ "null package permits private protected public record return sealed short static strictfp super switch synchronized "
	+ "this throw throws transient true false try var void volatile while yield").split(" "));

/** One alternative for each kind of token; what none of them takes is plain. */
const TOKENS = new RegExp([
	/(?<comment>\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*)/,
	/(?<string>"""[\s\S]*?(?:"""|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)/,
	/(?<annotation>@(?!interface\b)[A-Za-z_$][\w$.]*)/,
	/(?<number>\b\d[\w.]*)/,
	/(?<word>[A-Za-z_$][\w$]*)/,
].map((part) => part.source).join("|"), "g");

/** Java source as spans; the text of the result is the source, character for character. */
export function highlight(source) {
	const fragment = document.createDocumentFragment();
	let end = 0;
	for (const match of source.matchAll(TOKENS)) {
		fragment.append(source.slice(end, match.index), token(match, source));
		end = match.index + match[0].length;
	}
	fragment.append(source.slice(end));
	return fragment;
}

function token(match, source) {
	const [text] = match;
	const kind = match.groups.word ? wordKind(text, source[match.index + text.length])
		: Object.keys(match.groups).find((name) => match.groups[name] !== undefined);
	if (!kind) {
		return text;
	}
	const span = document.createElement("span");
	span.className = `t-${kind}`;
	span.textContent = text;
	return span;
}

function wordKind(word, next) {
	if (KEYWORDS.has(word)) {
		return "keyword";
	}
	if (/^[A-Z]/.test(word)) {
		return "type";
	}
	return next === "(" ? "method" : undefined;
}
