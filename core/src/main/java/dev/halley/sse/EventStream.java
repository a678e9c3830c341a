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

package dev.halley.sse;

import org.springframework.util.Assert;

import dev.halley.Out;

/**
 * Event streams from ordinary handler methods, beside
 * {@link dev.halley.annotation.EventSourceMapping}: for those that decide on the stream
 * when they run, or that answer with something else at times.
 *
 * <pre class="code">
 * &#64;PostMapping("/answers")
 * ResponseBodyEmitter answer(&#64;RequestBody Question question) {
 *     return EventStream.emit(this.model.answer(question)).heartbeat(Duration.ofSeconds(5));
 * }
 * </pre>
 *
 * Nothing of it needs a bean: the codecs, limits, exception handlers and the registry of
 * live connections are those of the application that handles the request.
 *
 * @since 0.1
 * @see EventStreamEmitter
 */
public final class EventStream {

	private EventStream() {
	}

	/**
	 * Sends messages, each as the data of an event: text as it is, what becomes JSON as
	 * JSON, other types as the application's codec for exactly their class says, and a
	 * {@link org.springframework.http.codec.ServerSentEvent} with its fields.
	 * @param out the messages
	 * @param <T> the type of the messages
	 * @return the body of the response, to be returned from the handler method
	 */
	public static <T> EventStreamEmitter emit(Out<T> out) {
		Assert.notNull(out, "'out' must not be null");
		return new EventStreamEmitter(out, null);
	}

	/**
	 * As {@link #emit(Out)}, for messages of a declared type: needed for a codec of a
	 * type with subclasses.
	 * @param out the messages
	 * @param type the type that decides on the codec
	 * @param <T> the type of the messages
	 * @return the body of the response, to be returned from the handler method
	 */
	public static <T> EventStreamEmitter emit(Out<? extends T> out, Class<T> type) {
		Assert.notNull(out, "'out' must not be null");
		Assert.notNull(type, "'type' must not be null");
		return new EventStreamEmitter(out, type);
	}

}
