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

package dev.halley;

import java.util.List;

import org.springframework.util.Assert;

/**
 * Takes from the thread of a handshake what the application's code shall find on the
 * threads that work for the connection. Auto-configuration provides one for Spring
 * Security and one for Micrometer's context propagation, where these are present; an
 * application may have more, as beans.
 * <p>
 * Called once for each connection, by the thread of the request that makes it; may be
 * called by several at the same time.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface ContextCapture {

	/**
	 * Takes nothing.
	 */
	ContextCapture NONE = () -> CallContext.NONE;

	/**
	 * Takes what the current thread has.
	 * @return what was taken; not {@link CallContext#NONE} only because the thread has
	 * nothing, since then the others have to find nothing
	 */
	CallContext capture();

	/**
	 * Joins several.
	 * @param captures in the order in which threads get what they took
	 * @return one that takes what all of them take
	 */
	static ContextCapture all(List<? extends ContextCapture> captures) {
		Assert.notNull(captures, "'captures' must not be null");
		List<ContextCapture> all = List.copyOf(captures);
		return switch (all.size()) {
			case 0 -> NONE;
			case 1 -> all.get(0);
			default -> () -> CallContexts.of(all.stream().map(ContextCapture::capture).toList());
		};
	}

}
