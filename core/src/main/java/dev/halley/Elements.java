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

import org.springframework.web.socket.CloseStatus;

/**
 * What the elements are that an {@link Out} emits: messages, messages that are
 * {@linkplain SharedMessage shared} with other connections, at the end a close status,
 * and {@linkplain HubSignal signals} for a connection that takes some.
 */
final class Elements {

	private Elements() {
	}

	/** Whether an element ends the connection. */
	static boolean isClose(Object element) {
		return element instanceof CloseStatus;
	}

	/** Whether an element is for the connection, and no message. */
	static boolean isSignal(Object element) {
		return isClose(element) || element instanceof HubSignal;
	}

	/** Returns the message that an element is, or carries. */
	@SuppressWarnings("unchecked")
	static <T> T unwrap(Object element) {
		return (T) ((element instanceof SharedMessage<?> shared) ? shared.message() : element);
	}

}
