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

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.util.Assert;
import org.springframework.web.socket.CloseStatus;

import dev.halley.StackReserve;
import dev.halley.codec.MessageCodec;
import dev.halley.codec.Payload;
import dev.halley.codec.SelectiveCodec;
import dev.halley.connection.LiveConnection.Sending;

/**
 * A message that is sent to connections beside their outs. Encoded once for each codec,
 * on the thread that sends it.
 * <p>
 * Not thread-safe.
 */
final class Letter {

	private static final Log logger = LogFactory.getLog(Connections.class);

	private final Object message;

	/** Nothing for codecs that do not take it. */
	private final Map<MessageCodec<Object>, Optional<Payload>> forms = new HashMap<>(2);

	Letter(Object message) {
		Assert.notNull(message, "'message' must not be null");
		Assert.isTrue(!(message instanceof CloseStatus), "message: a close status (expected: a call of close)");
		StackReserve.require();
		this.message = message;
	}

	Sending sendTo(Connection connection) {
		if (!connection.ending().isOpen()) {
			return Sending.CLOSED;
		}
		Outbound outbound = connection.outbound;
		Optional<Payload> form = this.forms.computeIfAbsent(outbound.codec(), (codec) -> encode(codec, connection));
		return form.map((payload) -> send(payload, connection, outbound)).orElse(Sending.UNSUPPORTED);
	}

	private static Sending send(Payload payload, Connection connection, Outbound outbound) {
		if (outbound.isHoldingTooMuch(payload.size())) {
			outbound.takeWrite();
		}
		Sending sending = outbound.addBeside(payload);
		switch (sending) {
			case QUEUED -> outbound.drain();
			case CLOSED -> connection.slowConsumer();
			case DROPPED, UNSUPPORTED -> {
			}
		}
		return sending;
	}

	/** A message of another type than the declared one is refused by all codecs. */
	private Optional<Payload> encode(MessageCodec<Object> codec, Connection connection) {
		try {
			boolean nothing = codec instanceof SelectiveCodec<Object> selective && !selective.selects(this.message);
			Payload payload = nothing ? null : codec.encode(this.message).share();
			// Measured here, since the measure of text is its form in bytes
			return (payload != null && payload.size() >= 0) ? Optional.of(payload) : Optional.empty();
		}
		catch (Exception ex) {
			if (logger.isDebugEnabled()) {
				logger.debug(connection + ": has no form for a message of " + this.message.getClass().getName() + ": "
						+ FailureLog.excerpt(FailureLog.message(ex)));
			}
		}
		catch (Throwable ex) {
			FailureLog.error(logger, connection + ": encoding failed", ex);
		}
		return Optional.empty();
	}

}
