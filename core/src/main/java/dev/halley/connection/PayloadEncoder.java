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

package dev.halley.connection;

import java.util.function.Function;
import java.util.function.ToLongFunction;

import org.reactivestreams.Publisher;
import org.springframework.web.socket.CloseStatus;
import reactor.core.publisher.Flux;

import dev.halley.HubSignal;
import dev.halley.SharedMessage;
import dev.halley.codec.EncodedMessage;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.Payload;
import dev.halley.codec.SelectiveCodec;

/**
 * Encodes what leaves an out. Equal for equal codecs, so that all connections of an
 * endpoint share the encoded form of a shared message, which holds nothing of them.
 */
record PayloadEncoder(MessageCodec<Object> codec) implements Function<Object, Payload>, ToLongFunction<Object> {

	/**
	 * Encodes a message, a shared message (once), or passes on what is encoded already.
	 */
	Payload encode(Object element) throws Exception {
		if (element instanceof SharedMessage<?> shared) {
			return (shared.received() instanceof EncodedMessage encoded && encoded.codec().equals(this.codec))
					? encoded.payload() : shared.encodedBy(this);
		}
		return (element instanceof Payload payload) ? payload : this.codec.encode(element);
	}

	/** Leaves out the messages that have nothing to send. */
	Publisher<Object> select(Publisher<Object> out) {
		return (this.codec instanceof SelectiveCodec<Object> selective)
				? Flux.from(out).filter((element) -> isEncoded(element) || selective.selects(messageOf(element))) : out;
	}

	private static boolean isEncoded(Object element) {
		return element instanceof CloseStatus || element instanceof Payload || element instanceof HubSignal;
	}

	private static Object messageOf(Object element) {
		return (element instanceof SharedMessage<?> shared) ? shared.message() : element;
	}

	/** Encodes what is shared. */
	@Override
	public Payload apply(Object message) {
		try {
			return ((message instanceof Payload payload) ? payload : this.codec.encode(message)).share();
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IllegalStateException("Message of " + message.getClass() + " has no encoded form", ex);
		}
	}

	@Override
	public long applyAsLong(Object element) {
		try {
			return encode(element).size();
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
