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

package dev.halley.comet;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * How the HTML of a Comet stream is written.
 *
 * @param callback the function that each script calls
 * @param nonce the nonce of the page's content security policy, or {@code null} for tags
 * without one
 * @param removeScripts whether each script takes its own tag out of the page, so that a
 * page that stays open for days does not grow
 * @param initialChunk the HTML before the first script, written as it is: it must never
 * be made of what users sent
 * @param end how the page learns of the end
 */
record CometMarkup(CallbackName callback, @Nullable String nonce, boolean removeScripts, String initialChunk,
		CometEnd end) {

	/**
	 * What browsers get before the first message: they hold the first few kilobytes of a
	 * page back and start to render when they have got more.
	 */
	static final String DEFAULT_INITIAL_CHUNK = " ".repeat(5 * 1024) + "<html><body>";

	CometMarkup {
		Assert.notNull(callback, "'callback' must not be null");
		Assert.notNull(initialChunk, "'initialChunk' must not be null");
		if (nonce != null && !isPlain(nonce)) {
			throw new IllegalArgumentException("nonce: " + JavaScriptLiteral.ofString(nonce)
					+ " (expected: at least one character, and no control characters)");
		}
	}

	/**
	 * Returns the markup of plain tags: no nonce, none removed, the default first chunk.
	 * @param callback the name of the function
	 * @return the markup
	 * @throws IllegalArgumentException if the name is none that can be called safely
	 */
	static CometMarkup of(String callback) {
		return new CometMarkup(new CallbackName(callback), null, false, DEFAULT_INITIAL_CHUNK, CometEnd.UNTOLD);
	}

	CometMarkup withNonce(@Nullable String nonce) {
		return new CometMarkup(this.callback, nonce, this.removeScripts, this.initialChunk, this.end);
	}

	CometMarkup withRemoveScripts(boolean removeScripts) {
		return new CometMarkup(this.callback, this.nonce, removeScripts, this.initialChunk, this.end);
	}

	CometMarkup withInitialChunk(String initialChunk) {
		return new CometMarkup(this.callback, this.nonce, this.removeScripts, initialChunk, this.end);
	}

	CometMarkup withEnd(CometEnd end) {
		return new CometMarkup(this.callback, this.nonce, this.removeScripts, this.initialChunk, end);
	}

	private static boolean isPlain(String nonce) {
		return !nonce.isEmpty() && nonce.chars().noneMatch(Character::isISOControl);
	}

}
