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

/**
 * How a page learns that a Comet stream is over.
 *
 * @param callback the function to call, without an argument, or {@code null} for none
 * @param reconnect whether it is called only at an end that the application asked for,
 * and not when the out is just over or has failed
 */
record CometEnd(@Nullable CallbackName callback, boolean reconnect) {

	/**
	 * Nothing but the end of the page.
	 */
	static final CometEnd UNTOLD = new CometEnd(null, true);

	static CometEnd of(String callback, boolean reconnect) {
		return new CometEnd(callback.isEmpty() ? null : InvalidCallbackException.checkName(callback), reconnect);
	}

}
